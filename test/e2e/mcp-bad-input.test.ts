import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient, type ServedClient, type ToolAnswer } from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';

/** What belongs to our inside: SQL, paths, stack traces, the schema library's report, the database's own words. */
const INSIDE =
  /\bselect\b.*\bfrom\b|\border by\b|\/(tmp|home|root|usr|var|work)\/|node:|node_modules|\bat \w+ \(|\.(ts|js):\d|invalid_type|ZodError|sqlite|postgres|relation "|ECONN|undefined|\[object/i;

/** One sentence that says what is wrong, and one that says what to do. */
const expectClear = (answer: ToolAnswer, code: string, words: RegExp): void => {
  expect(answer.isError, answer.text).toBe(true);
  expect(Object.keys(answer.data).sort()).toEqual(['code', 'message', 'remedy', 'retryable']);
  const { message, remedy } = answer.data as { message: string; remedy: string };
  expect(answer.data).toMatchObject({ code, retryable: false });
  expect(`${message} ${remedy}`).toMatch(words);
  for (const sentence of [message, remedy]) {
    expect(sentence).toMatch(/^\S.*\.$/);
    expect(sentence.length).toBeLessThan(400);
    expect(sentence).not.toMatch(INSIDE);
  }
  expect(answer.text).not.toMatch(INSIDE);
};

type Case = readonly [name: string, args: Record<string, unknown>, code: string, words: RegExp];

const SEARCH_CASES: readonly Case[] = [
  ['an unknown argument', { quary: 'x' }, 'ARGUMENT_UNKNOWN', /no parameter "quary"; the nearest is "query"/],
  ['an unknown argument with a known one', { query: 'x', limits: 5 }, 'ARGUMENT_UNKNOWN', /"limit"/],
  ['"constructor" as an argument', { constructor: 'x' }, 'ARGUMENT_UNKNOWN', /no parameter "constructor"/],
  ['"toString" as an argument', { toString: 'x' }, 'ARGUMENT_UNKNOWN', /no parameter "toString"/],
  ['a number as query', { query: 5 }, 'ARGUMENT_INVALID', /query: must be text/],
  ['a list as query', { query: ['x'] }, 'ARGUMENT_INVALID', /query: must be text/],
  ['an object as query', { query: { $ne: 1 } }, 'ARGUMENT_INVALID', /query: must be text/],
  ['limit 0', { limit: 0 }, 'ARGUMENT_INVALID', /limit: must be from 1 to 1000/],
  ['limit -1', { limit: -1 }, 'ARGUMENT_INVALID', /limit: must be from 1 to 1000/],
  ['limit 10^9', { limit: 1e9 }, 'ARGUMENT_INVALID', /limit: must be from 1 to 1000/],
  ['limit 10^300', { limit: 1e300 }, 'ARGUMENT_INVALID', /limit: must be .*1 to 1000/],
  ['limit 1.5', { limit: 1.5 }, 'ARGUMENT_INVALID', /limit: must be a whole number from 1 to 1000/],
  ['a text as limit', { limit: 'many' }, 'ARGUMENT_INVALID', /limit: must be a whole number from 1 to 1000/],
  ['per_page 0', { per_page: 0 }, 'ARGUMENT_INVALID', /limit: must be from 1 to 1000/],
  ['max_tokens 199', { max_tokens: 199 }, 'ARGUMENT_INVALID', /max_tokens: must be from 200 to 25000/],
  ['max_tokens 25001', { max_tokens: 25_001 }, 'ARGUMENT_INVALID', /max_tokens: must be from 200 to 25000/],
  [
    'an unknown state',
    { state: 'pending' },
    'ARGUMENT_INVALID',
    /state: takes open, closed, snoozed, not "pending"/,
  ],
  [
    'a state that is none',
    { query: 'state:pending order' },
    'QUERY_INVALID',
    /state: takes open, closed, snoozed/,
  ],
  ['a field without a value', { query: 'tag: order' }, 'QUERY_INVALID', /tag: has no value/],
  ['a rating that is none', { csat: 'great' }, 'ARGUMENT_INVALID', /csat: takes 1 to 5/],
  ['an author that is none', { query: 'order from:nobody' }, 'QUERY_INVALID', /from: takes customer, team/],
  ['parentheses without end', { query: `a OR ${'('.repeat(200)}b c` }, 'QUERY_INVALID', /Parentheses/],
  [
    'attributes that are a list',
    { attributes: ['pro'] },
    'ARGUMENT_INVALID',
    /attributes: must be an object/,
  ],
  ['an unknown sort', { sort: 'best' }, 'ARGUMENT_INVALID', /sort: must be relevance, newest or oldest/],
  ['a query without a word', { query: '?! …' }, 'QUERY_EMPTY', /at least one word/],
  ['a query of 20 kB', { query: 'word '.repeat(4_000) }, 'ARGUMENT_INVALID', /query: .*at most 10000/],
  ['a query of too many words', { query: 'w '.repeat(100) }, 'QUERY_INVALID', /at most 64/],
  ['an unknown time frame', { timeframe: 'soonish' }, 'TIMEFRAME_UNKNOWN', /"soonish".*last 7 days/],
  ['a time frame of a month 13', { timeframe: '2026-13' }, 'TIMEFRAME_UNKNOWN', /2026-13/],
  [
    'an unknown time frame as object',
    { timeframe: { since: 'x' } },
    'ARGUMENT_INVALID',
    /timeframe: must be/,
  ],
  ['a date that is none', { start_date: '31.12.2026' }, 'ARGUMENT_INVALID', /start_date.*2026-09-14/],
  ['a zone that is none', { time_zone: 'Mars/Base' }, 'ARGUMENT_INVALID', /time_zone.*Europe\/Berlin/],
  ['ids that are no list', { ids: 'all' }, 'ARGUMENT_INVALID', /ids: must be a list of ids/],
  ['SQL in a cursor', { cursor: "' or 1=1 --" }, 'CURSOR_INVALID', /[Ss]tart again/],
  ['an empty cursor', { cursor: '' }, 'CURSOR_INVALID', /[Ss]tart again/],
  ['a cursor of 10 kB', { cursor: 'x'.repeat(10_000) }, 'ARGUMENT_INVALID', /cursor: .*start again/],
];

const READ_CASES: readonly Case[] = [
  ['no id', {}, 'ARGUMENT_INVALID', /id: must be a conversation id/],
  ['an id that is none', { id: '../../etc/passwd' }, 'ARGUMENT_INVALID', /id must be a conversation id/],
  ['markup as id', { id: '<b>1</b>' }, 'ARGUMENT_INVALID', /id must be a conversation id/],
  ['an address of nothing', { id: 'https://example.com/x' }, 'ARGUMENT_INVALID', /id must be/],
  ['an id that nobody has', { id: '999' }, 'CONVERSATION_NOT_FOUND', /no conversation 999/],
  ['an empty id', { id: '' }, 'ARGUMENT_INVALID', /id: must not be empty/],
  ['an id of 1 kB', { id: '1'.repeat(1_000) }, 'ARGUMENT_INVALID', /id: is too long/],
  ['half a number as id', { id: 1.5 }, 'ARGUMENT_INVALID', /id: must be a conversation id/],
  ['a near miss', { conversation: '1' }, 'ARGUMENT_UNKNOWN', /no parameter "conversation"/],
  ['a word as include_events', { id: '1', include_events: 'yes' }, 'ARGUMENT_INVALID', /true or false/],
];

const pageOf = ({ data }: ToolAnswer) => data.pagination as { next_cursor: string | null };

/** Another letter of the same alphabet in one place. */
const flip = (text: string, at: number): string => {
  const other = text[at] === 'A' ? 'B' : text[at] === '1' ? '2' : /\d/.test(text[at] ?? '') ? '1' : 'A';
  return text.slice(0, at) + other + text.slice(at + 1);
};

describe.each(ENGINE_NAMES)('bad input through MCP [%s]', (engine) => {
  let mirror: Mirror;
  let client: ServedClient;

  beforeAll(async () => {
    mirror = await createMirror(engine, 60);
    client = await connectClient('v2 client, 2026-07-28', { args: ['--no-sync'], env: mirror.env });
  });
  afterAll(async () => {
    await client.close();
    await mirror.drop();
  });

  it.each(SEARCH_CASES)('search_conversations: %s', async (_name, args, code, words) => {
    expectClear(await client.call('search_conversations', args), code, words);
  });

  it.each(READ_CASES)('get_conversation: %s', async (_name, args, code, words) => {
    expectClear(await client.call('get_conversation', args), code, words);
  });

  it('get_sync_status: an argument', async () => {
    expectClear(
      await client.call('get_sync_status', { verbose: true }),
      'ARGUMENT_UNKNOWN',
      /without arguments/,
    );
  });

  it('an unknown tool names the nearest one', async () => {
    await expect(client.call('search_conversation')).rejects.toThrow(/nearest is "search_conversations"/);
    await expect(client.call('__proto__')).rejects.toThrow(/There is no tool "__proto__"/);
    await expect(client.call('x'.repeat(5_000))).rejects.toThrow(/^.{0,200}$/s);
  });

  it('names from the prototype do not reach it', async () => {
    const polluting = JSON.parse('{"__proto__": {"limit": 1}, "query": "refund"}') as Record<string, unknown>;
    const answer = await client.call('search_conversations', polluting);
    if (answer.isError) expectClear(answer, 'ARGUMENT_UNKNOWN', /__proto__/);
    else expect(answer.data.pagination).toMatchObject({ limit: 20 });
    expect(Object.hasOwn(Object.prototype, 'limit')).toBe(false);
  });

  it('nothing given lists everything, and null means nothing given', async () => {
    const all = await client.call('search_conversations', { query: '', state: null, limit: null });
    expect(all.isError, all.text).toBe(false);
    expect(all.data.summary).toMatchObject({ total_results: 60 });
  });

  it('a cursor that was tampered with, cut, or belongs elsewhere', async () => {
    const question = { query: 'the', limit: 1 };
    const page = await client.call('search_conversations', question);
    const cursor = pageOf(page).next_cursor ?? '';
    expect(cursor).not.toBe('');
    const changed = [...cursor].flatMap((_, at) => [flip(cursor, at), cursor.slice(0, at)]);
    for (const bad of [...changed, `${cursor}A`, `${cursor}.`, ` ${cursor}`])
      expectClear(
        await client.call('search_conversations', { ...question, cursor: bad }),
        'CURSOR_INVALID',
        /[Ss]tart again without a cursor/,
      );
    for (const other of [{ query: 'order' }, { state: 'open' }, { sort: 'newest' }, { timeframe: '2026' }])
      expectClear(
        await client.call('search_conversations', { ...question, ...other, cursor }),
        'CURSOR_INVALID',
        /[Ss]tart again/,
      );
    const { id } = (page.data.results as readonly { id: string }[])[0] ?? { id: '' };
    expectClear(await client.call('get_conversation', { id, cursor }), 'CURSOR_INVALID', /[Ss]tart again/);
    const right = await client.call('search_conversations', { ...question, cursor });
    expect(right.isError, right.text).toBe(false);
  });

  it('the next question works', async () => {
    const answer = await client.call('search_conversations', { query: 'order' });
    expect(answer.isError, answer.text).toBe(false);
  });
});

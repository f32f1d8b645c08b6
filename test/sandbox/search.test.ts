import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  allConversations,
  allPages,
  type Conversation,
  EVERYTHING,
  idsOf,
  type OpenSandbox,
  openSandbox,
  searchBody,
} from './support.ts';

const COUNT = 240;

describe('search of conversations', () => {
  let open: OpenSandbox;
  let all: Conversation[];
  beforeAll(async () => {
    open = await openSandbox({ seed: 9, conversations: COUNT });
    all = allConversations(open.world);
  });
  afterAll(() => open[Symbol.asyncDispose]());

  const found = async (query: unknown): Promise<Set<string>> =>
    new Set(idsOf(await allPages(open.ask, { query, field: 'created_at' })));
  const expected = (fits: (item: Conversation) => boolean): Set<string> =>
    new Set(all.filter(fits).map(({ id }) => id));
  const at = (item: Conversation, path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], item);
  const textAt = (item: Conversation, path: string): string => String(at(item, path));
  const numberAt = (item: Conversation, path: string): number => Number(at(item, path) ?? Number.NaN);
  const time = (index: number): number => all[index]?.created_at ?? 0;
  const tagOf = (item: Conversation): string[] => item.tags.tags.map(({ id }) => id);
  const someTag = '7300101';

  test.each<[string, () => unknown, (item: Conversation) => boolean]>([
    [
      '=',
      () => ({ field: 'created_at', operator: '=', value: time(50) }),
      (item) => item.created_at === time(50),
    ],
    [
      '>',
      () => ({ field: 'created_at', operator: '>', value: time(50) }),
      (item) => item.created_at > time(50),
    ],
    [
      '<',
      () => ({ field: 'created_at', operator: '<', value: time(50) }),
      (item) => item.created_at < time(50),
    ],
    [
      '>=',
      () => ({ field: 'updated_at', operator: '>=', value: time(50) }),
      (item) => item.updated_at >= time(50),
    ],
    [
      '<=',
      () => ({ field: 'updated_at', operator: '<=', value: time(50) }),
      (item) => item.updated_at <= time(50),
    ],
    [
      'a number as text',
      () => ({ field: 'created_at', operator: '>', value: `${time(99)}` }),
      (item) => item.created_at > time(99),
    ],
    [
      '!= of a time',
      () => ({ field: 'created_at', operator: '!=', value: time(50) }),
      (item) => item.created_at !== time(50),
    ],
    [
      'IN of times',
      () => ({ field: 'created_at', operator: 'IN', value: [time(3), time(4)] }),
      (item) => [time(3), time(4)].includes(item.created_at),
    ],
    [
      '= of a text',
      () => ({ field: 'state', operator: '=', value: 'open' }),
      ({ state }) => state === 'open',
    ],
    [
      '!= of a text',
      () => ({ field: 'state', operator: '!=', value: 'open' }),
      ({ state }) => state !== 'open',
    ],
    [
      'IN',
      () => ({ field: 'state', operator: 'IN', value: ['open', 'snoozed'] }),
      ({ state }) => state !== 'closed',
    ],
    [
      'NIN',
      () => ({ field: 'state', operator: 'NIN', value: ['open', 'snoozed'] }),
      ({ state }) => state === 'closed',
    ],
    ['= of a truth value', () => ({ field: 'open', operator: '=', value: true }), (item) => item.open],
    [
      'a list that holds it',
      () => ({ field: 'tag_ids', operator: '=', value: someTag }),
      (item) => tagOf(item).includes(someTag),
    ],
    [
      'a list that does not hold it',
      () => ({ field: 'tag_ids', operator: '!=', value: someTag }),
      (item) => !tagOf(item).includes(someTag),
    ],
    [
      '~',
      () => ({ field: 'source.author.email', operator: '~', value: 'EXAMPLE.org' }),
      (item) => textAt(item, 'source.author.email').includes('example.org'),
    ],
    [
      '!~',
      () => ({ field: 'source.author.email', operator: '!~', value: 'example.org' }),
      (item) => !textAt(item, 'source.author.email').includes('example.org'),
    ],
    [
      '^',
      () => ({ field: 'source.author.name', operator: '^', value: 'An' }),
      (item) => textAt(item, 'source.author.name').startsWith('An'),
    ],
    [
      '$',
      () => ({ field: 'source.author.email', operator: '$', value: '.net' }),
      (item) => textAt(item, 'source.author.email').endsWith('.net'),
    ],
    [
      'a statistic',
      () => ({ field: 'statistics.count_conversation_parts', operator: '>', value: 9 }),
      (item) => numberAt(item, 'statistics.count_conversation_parts') > 9,
    ],
    [
      'a rating by the API’s own name',
      () => ({ field: 'conversation_rating.score', operator: '<', value: 4 }),
      (item) => numberAt(item, 'conversation_rating.rating') < 4,
    ],
    [
      'one word of the body',
      () => ({ field: 'source.body', operator: '=', value: 'order' }),
      ({ source: { body } }) => /\border\b/i.test(body),
    ],
    [
      'two words of the body: nothing',
      () => ({ field: 'source.body', operator: '=', value: 'for order' }),
      () => false,
    ],
    [
      'AND',
      () => ({
        operator: 'AND',
        value: [
          { field: 'state', operator: '=', value: 'closed' },
          { field: 'created_at', operator: '>', value: time(120) },
        ],
      }),
      (item) => item.state === 'closed' && item.created_at > time(120),
    ],
    [
      'OR',
      () => ({
        operator: 'OR',
        value: [
          { field: 'created_at', operator: '<', value: time(10) },
          { field: 'created_at', operator: '>', value: time(200) },
        ],
      }),
      (item) => item.created_at < time(10) || item.created_at > time(200),
    ],
    [
      'groups in groups',
      () => ({
        operator: 'AND',
        value: [
          {
            operator: 'OR',
            value: [
              { field: 'state', operator: '=', value: 'open' },
              { field: 'state', operator: '=', value: 'snoozed' },
            ],
          },
          {
            operator: 'OR',
            value: [
              { field: 'created_at', operator: '<', value: time(60) },
              { field: 'updated_at', operator: '>', value: time(180) },
            ],
          },
        ],
      }),
      (item) => item.state !== 'closed' && (item.created_at < time(60) || item.updated_at > time(180)),
    ],
  ])('%s', async (_name, query, fits) => {
    const ids = await found(query());
    expect(ids).toEqual(expected(fits));
    expect(ids.size).toBeLessThan(COUNT);
  });

  test('counts what a window of another time holds', async () => {
    const query = { field: 'created_at', operator: '<', value: time(100) };
    const { json } = await open.ask(
      'POST /conversations/search',
      searchBody({ query, field: 'updated_at', perPage: 1 }),
    );
    expect(json.total_count).toBe(expected((item) => item.created_at < time(100)).size);
  });

  test('takes the bounds of > and < in where it is set so, and of >= and <= always', async () => {
    const window = (low: string, high: string) => ({
      operator: 'AND',
      value: [
        { field: 'created_at', operator: low, value: time(40) },
        { field: 'created_at', operator: high, value: time(44) },
      ],
    });
    const exclusive = expected((item) => item.created_at > time(40) && item.created_at < time(44));
    const inclusive = expected((item) => item.created_at >= time(40) && item.created_at <= time(44));
    expect(await found(window('>', '<'))).toEqual(exclusive);
    expect(await found(window('>=', '<='))).toEqual(inclusive);
    open.sandbox.set({ inclusiveBounds: true });
    expect(await found(window('>', '<'))).toEqual(inclusive);
    open.sandbox.set({ inclusiveBounds: false });
    expect(inclusive.size).toBeGreaterThan(exclusive.size);
  });

  test('sorts as told, as it likes, or the other way round', async () => {
    const idsBy = async (field: string | undefined, order: string): Promise<string[]> =>
      idsOf(await allPages(open.ask, field === undefined ? {} : { field, order }));
    const [up, down] = [await idsBy('created_at', 'ascending'), await idsBy('created_at', 'descending')];
    expect(up).toEqual(all.map(({ id }) => id));
    expect(down).toEqual(up.toReversed());
    const newest = await idsBy(undefined, '');
    const latest = all.toSorted((a, b) => b.updated_at - a.updated_at || Number(b.id) - Number(a.id));
    expect(newest).toEqual(latest.map(({ id }) => id));
    open.sandbox.set({ sort: 'reversed' });
    expect(await idsBy('created_at', 'ascending')).toEqual(down);
    open.sandbox.set({ sort: 'ignored' });
    expect(await idsBy('created_at', 'ascending')).toEqual(newest);
    open.sandbox.set({ sort: 'honoured' });
  });

  const many = (count: number) => ({
    operator: 'OR',
    value: Array.from({ length: count }, () => EVERYTHING),
  });
  const nested = (depth: number): unknown =>
    depth === 0 ? EVERYTHING : { operator: 'AND', value: [nested(depth - 1)] };

  test.each<[string, Record<string, unknown>, string]>([
    ['no query', {}, 'parameter_invalid'],
    ['a query that is none', { query: [EVERYTHING] }, 'parameter_invalid'],
    ['an unknown field', { query: { field: 'colour', operator: '=', value: 1 } }, 'invalid_field'],
    ['a field of a ticket', { query: { field: 'ticket_state', operator: '=', value: 'x' } }, 'invalid_field'],
    ['an unknown operator', { query: { ...EVERYTHING, operator: '=>' } }, 'parameter_invalid'],
    ['no operator', { query: { field: 'created_at', value: 1 } }, 'parameter_invalid'],
    ['a text for a time', { query: { ...EVERYTHING, value: 'foorbar' } }, 'parameter_invalid'],
    ['> on a text', { query: { field: 'state', operator: '>', value: 1 } }, 'parameter_invalid'],
    [
      '~ on a number',
      { query: { field: 'admin_assignee_id', operator: '~', value: 1 } },
      'parameter_invalid',
    ],
    ['IN without a list', { query: { field: 'state', operator: 'IN', value: 'open' } }, 'parameter_invalid'],
    ['a group of nothing', { query: { operator: 'AND', value: [] } }, 'parameter_invalid'],
    ['sixteen filters', { query: many(16) }, 'parameter_invalid'],
    ['groups nested too deep', { query: nested(4) }, 'parameter_invalid'],
    [
      'an order of before 2.16',
      { query: EVERYTHING, sort: { field: 'created_at', order: 'desc' } },
      'invalid_sort_order',
    ],
    ['an order by no time', { query: EVERYTHING, sort: { field: 'colour' } }, 'invalid_field'],
  ])('%s is refused with 400', async (_name, body, code) => {
    const { status, json } = await open.ask('POST /conversations/search', body);
    expect(status).toBe(400);
    expect(json.errors.map((error) => error.code)).toEqual([code]);
  });

  test('fifteen filters and two levels of groups are allowed', async () => {
    for (const query of [many(15), nested(3)])
      expect((await open.ask('POST /conversations/search', { query })).json.total_count).toBe(COUNT);
  });

  test('remembers no verdict on what has changed', async () => {
    const query = { field: 'priority', operator: '=', value: 'urgent' };
    const before = await found(query);
    const { id } = all.find((item) => !before.has(item.id)) ?? { id: '' };
    open.sandbox.mutate.set(id, { priority: 'urgent' }, false);
    expect(await found(query)).toEqual(new Set([...before, id]));
    open.sandbox.mutate.set(id, { priority: 'none' }, false);
    expect(await found(query)).toEqual(before);
  });
});

test('a change shows in a search only when the index has caught up; the GET has it at once', async () => {
  let now = 1_795_000_000_000;
  await using open = await openSandbox(
    { seed: 9, conversations: 30 },
    { clock: { now: () => now }, indexLagSeconds: 180 },
  );
  const { mutate } = open.sandbox;
  const since = { field: 'updated_at', operator: '>=', value: now / 1000 };
  const found = async (): Promise<string[]> =>
    idsOf(await allPages(open.ask, { query: since, field: 'updated_at' }));
  const id = open.world.conversations.id(4);
  mutate.touch(id);
  const added = mutate.addConversation();
  expect((await open.conversation(id)).updated_at).toBe(now / 1000);
  expect((await open.conversation(added)).id).toBe(added);
  now += 179_000;
  expect(await found()).toEqual([]);
  now += 1_000;
  expect(await found()).toEqual([id, added]);
  mutate.delete(added);
  expect(await found()).toEqual([id]);
});

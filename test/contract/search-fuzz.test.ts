import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isAppError } from '../../src/errors/app-error.ts';
import { createQueryService } from '../../src/query/create-query-service.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import type { SearchAnswer, SearchInput } from '../../src/query/types.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, mirror } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const COUNT = 30;
const LONG = 10_000;
/** What the model can mend; everything else is a fault of ours, the end of the deadline, too. */
const CLEAR = [
  'QUERY_EMPTY',
  'QUERY_INVALID',
  'ARGUMENT_INVALID',
  'TIMEFRAME_UNKNOWN',
  'CURSOR_INVALID',
  'CONVERSATION_NOT_FOUND',
];
const DEADLINE_MS = 5_000;

const fill = (piece: string): string => piece.repeat(Math.floor(LONG / piece.length));

const NASTY: readonly (readonly [string, string])[] = [
  ['parentheses 1,000 deep', `${'('.repeat(1_000)}refund${')'.repeat(1_000)}`],
  ['parentheses that stay open', `${'('.repeat(LONG - 1)}a`],
  ['parentheses with a word at each depth', fill('(a ')],
  ['parentheses that are excluded', fill('-(')],
  ['NOT upon NOT', `${fill('NOT ').slice(0, -8)} refund`],
  ['minus upon minus', `${'-'.repeat(LONG - 6)}refund`],
  ['OR upon OR', fill('OR ')],
  ['alternatives without end', fill('a OR ')],
  ['words of 10 kB', fill('refund ')],
  ['one word of 10 kB', 'a'.repeat(LONG)],
  ['beginnings without end', fill('a* ')],
  ['stars', '*'.repeat(LONG)],
  [
    'the beginnings of all words',
    Array.from({ length: 64 }, (_, index) => `${String.fromCharCode(97 + (index % 26))}*`).join(' '),
  ],
  ['quotation marks', '"'.repeat(LONG - 1)],
  ['a phrase of 10 kB', `"${fill('the to of and ').slice(2)}"`],
  ['a regular expression', '(a+)+$ ^(.*)*\\d{1,99999} [a-z]{2,}|.*?(?=x)'],
  ['colons', fill('a:')],
  ['a field of 9 kB', `tag:"${'x'.repeat(9_000)}"`],
  ['fields without values', fill('state: ')],
  ['a comparison of nonsense', 'csat:<=>=<NaN attr.plan:>1e999 before:99999-99-99'],
  ['a run of 10 kB without spaces', fill('退款')],
  ['scripts that change at each character', fill('退a')],
  ['dots', fill('a.')],
  ['emoji', '🔥'.repeat(LONG / 2)],
  ['NUL', `${'\0'.repeat(LONG - 1)}a`],
  ['lone surrogates', `${'\ud800'.repeat(LONG - 2)} a`],
  ['marks upon a letter', `a${'\u0301'.repeat(LONG - 1)}`],
  ['characters that fold into many', 'ﷺ'.repeat(LONG)],
  ['SQL', `'; drop table conversations; -- " or 1=1 union select * from settings`],
  ['a template', '${process.exit(1)} {{7*7}} %s %n __proto__ constructor'],
];

describeEngines('a search for nonsense', (create) => {
  let place: TestPlace;
  let query: QueryService;

  beforeAll(async () => {
    place = await create();
    const store = await place.open();
    await mirror(
      store,
      await beginSync(store),
      Array.from({ length: COUNT }, (_, index) => ({
        id: String(index + 1),
        opening: `refund number ${index} the to of and 退款还没有收到 a.b.c`,
      })),
    );
    query = createQueryService({ reader: store, logger: silentLogger });
  });
  afterAll(() => place.drop());

  /** A whole answer, or an error that says what to do. @returns the answer's total, or the error's code */
  const outcome = async (input: SearchInput): Promise<number | string> => {
    let answer: SearchAnswer;
    try {
      answer = await query.searchConversations(input, { deadlineMs: DEADLINE_MS });
    } catch (error) {
      if (!isAppError(error)) throw error;
      expect(CLEAR).toContain(error.code);
      expect(error.message.length).toBeLessThan(400);
      return error.code;
    }
    expect(answer.results.length).toBe(answer.summary.returned);
    expect(answer.summary.returned).toBeLessThanOrEqual(answer.summary.total_results);
    return answer.summary.total_results;
  };
  const count = () => outcome({ query: 'refund' });

  it.each(NASTY)('%s: an answer or a clear error, in time', async (_name, text) => {
    await outcome({ query: text, limit: 5 });
    expect(await count()).toBe(COUNT);
  });

  it('any text of the language’s own signs', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '(',
        ')',
        '"',
        '-',
        '*',
        ':',
        'OR',
        'AND',
        'NOT',
        ' ',
        ',',
        '<=',
        '>',
        '..',
        'from:',
        'tag:',
        'state:',
        'csat:',
        'attr.',
        'before:',
        'has:',
        'refund',
        'the',
        '退款',
        'ไทย',
        'a@b.c',
        '2.6.8',
        '%',
        '_',
        '\\',
        "'",
        ';',
        '\n',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(text, async (each) => {
        await outcome({ query: each, limit: 3 });
      }),
      { numRuns: 120, seed: 5 },
    );
    expect(await count()).toBe(COUNT);
  });

  it('any values of parameters', async () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '',
        ' ',
        'none',
        'any',
        '<=',
        '>=x',
        '1..2',
        '-1',
        '1e400',
        "' or '1'='1",
        '退款',
        'last -1 days',
        '0000-00-00',
      ),
    );
    const input = fc.record(
      {
        query: value,
        state: value,
        tag: value,
        csat: value,
        fin: value,
        contact: value,
        company: value,
        reopened: value,
        attributes: fc.dictionary(value, value, { maxKeys: 2 }),
        timeframe: value,
        start_date: value,
        end_date: value,
        time_zone: value,
        ids: fc.array(value, { maxLength: 3 }),
        customer_email: value,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(input, async (each) => {
        await outcome(each);
      }),
      { numRuns: 120, seed: 6 },
    );
    expect(await count()).toBe(COUNT);
  });

  it('any text as a cursor: refused, also one that differs from a right one in one character', async () => {
    for (const question of [{ query: 'refund' }, { query: 'refund', sort: 'newest' }] as const) {
      const { pagination } = await query.searchConversations({ ...question, limit: 5 });
      const right = pagination.next_cursor ?? '';
      expect(await outcome({ ...question, cursor: right })).toBe(COUNT);
      const near = fc
        .tuple(fc.nat(right.length - 1), fc.constantFrom(...'aZ09_-~.%'))
        .map(([at, sign]) => right.slice(0, at) + sign + right.slice(at + 1))
        .filter((text) => text !== right);
      const wrong = fc.oneof(near, fc.string({ unit: 'binary', maxLength: 200 }), fc.base64String());
      await fc.assert(
        fc.asyncProperty(wrong, async (cursor) => {
          expect(await outcome({ ...question, cursor })).toBe('CURSOR_INVALID');
        }),
        { numRuns: 80, seed: 7 },
      );
    }
  });

  it('any text as the id of a conversation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 80 }), async (id) => {
        const code = await query.findSimilarConversations({ id: `${id}!` }).then(
          () => 'found',
          (error: unknown) => (isAppError(error) ? error.code : 'crash'),
        );
        expect(['ARGUMENT_INVALID', 'CONVERSATION_NOT_FOUND']).toContain(code);
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  it('ends in time all together, however many questions it is asked as', async () => {
    const started = performance.now();
    const code = await query
      .searchConversations({ query: `"${'the to of and '.repeat(120)}"` }, { deadlineMs: 1 })
      .then(
        () => 'answered',
        (error: unknown) => (isAppError(error) ? error.code : 'crash'),
      );
    expect(code).toBe('STORE_DEADLINE');
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await count()).toBe(COUNT);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../errors/app-error.ts';
import { readIntercomParameter, readIntercomQuery } from './query.ts';

const field = fc.constantFrom(
  'state',
  'source.type',
  'created_at',
  'q',
  'tag_ids',
  'csat',
  '__proto__',
  'a.b',
);
const operator = fc.constantFrom('=', '!=', '>', 'IN', 'nin', '~', 'AND', 'or', 'toString', '');
const leaf = fc.record({ field, operator, value: fc.jsonValue() });
const tree = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.record({
      operator: fc.constantFrom('AND', 'OR'),
      value: fc.array(tie('node'), { maxLength: 4 }),
    }),
  ),
})).node;

/** Reads, or says in one sentence why not; nothing else may happen. */
const expectClear = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringMatching(/\.$/) });
  }
};

describe('a query in one of Intercom’s forms', () => {
  it('is told from one of our language', () => {
    for (const ours of [
      'refund state:open',
      '{',
      '{"a": 1}',
      'limit:5',
      '',
      'my object_type is',
      5,
      undefined,
    ])
      expect(readIntercomQuery(ours)).toBeUndefined();
    expect(readIntercomQuery('object_type:conversations')).toMatchObject({ objectType: 'conversation' });
    expect(readIntercomQuery('object_type:companies')).toMatchObject({ objectType: 'company' });
  });

  it('keeps words apart from conditions, with quotes as they were meant', () => {
    expect(
      readIntercomQuery('object_type:conversations late q:"charged \\"twice\\"" state:eq:open limit:7'),
    ).toEqual({
      objectType: 'conversation',
      query: 'late charged "twice"',
      condition: { kind: 'field', name: 'state', values: ['open'], not: false },
      limit: 7,
      cursor: undefined,
    });
  });

  it('is read or refused in a sentence, whatever it holds', () => {
    fc.assert(
      fc.property(tree, (query) => expectClear(() => readIntercomQuery(JSON.stringify(query)))),
      { seed: 4, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) =>
        expectClear(() => readIntercomQuery(`object_type:conversations ${text}`)),
      ),
      { seed: 4, numRuns: 500 },
    );
    fc.assert(
      fc.property(field, fc.jsonValue(), (name, value) =>
        expectClear(() => readIntercomParameter(name, value)),
      ),
      { seed: 4, numRuns: 500 },
    );
  });

  it('takes a long one in no time, and refuses one that is too deep or too large', () => {
    const started = performance.now();
    expectClear(() => readIntercomQuery(`object_type:conversations ${'"a:'.repeat(3_300)}`));
    expect(performance.now() - started).toBeLessThan(1_000);
    const one = { field: 'state', operator: '=', value: 'open' };
    let deep: unknown = one;
    for (let level = 0; level < 20; level += 1) deep = { operator: 'AND', value: [deep] };
    const wide = { operator: 'OR', value: Array.from({ length: 300 }, () => one) };
    for (const [query, words] of [
      [deep, /8 levels/],
      [wide, /200 conditions/],
    ] as const)
      expect(() => readIntercomQuery(JSON.stringify(query))).toThrow(words);
  });
});

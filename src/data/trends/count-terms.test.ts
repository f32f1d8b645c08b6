import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeDocList } from '../search-index/doc-list.ts';
import type { Segment } from '../search-index/segment-cache.ts';
import { collect, IN_BASELINE, IN_WINDOW } from './scan-terms.ts';
import { TermTally } from './term-tally.ts';
import { kindOf } from './trend-terms.ts';

const SEED = 11;
const encoder = new TextEncoder();
const SIZE = 200;

describe('the counted documents of a term', () => {
  it('are those of its list that are of a side, by an author of the roles', () => {
    const document = fc.record({ ordinal: fc.nat(SIZE - 1), role: fc.constantFrom(1, 2, 4, 3) });
    const list = fc.uniqueArray(document, {
      selector: ({ ordinal }) => ordinal,
      minLength: 1,
      maxLength: SIZE,
    });
    const sides = fc.array(fc.constantFrom(0, IN_WINDOW, IN_BASELINE), { minLength: SIZE, maxLength: SIZE });
    fc.assert(
      fc.property(list, sides, fc.boolean(), fc.constantFrom(0, 1, 6), (docs, kinds, isFilter, roles) => {
        const sorted = docs.toSorted((a, b) => a.ordinal - b.ordinal);
        const bytes = isFilter ? [] : sorted.map(({ role }) => (role << 4) | 1);
        const packed = encodeDocList(
          sorted.map(({ ordinal }) => ordinal),
          bytes,
          SIZE,
        );
        // A list stands somewhere in a block.
        const block = new Uint8Array(packed.length + 9);
        block.set(packed, 5);
        const from = kinds.findIndex((kind) => kind !== 0);
        const until = kinds.findLastIndex((kind) => kind !== 0) + 1;
        const into = new Int32Array(SIZE);
        const count = collect(
          { block, count: sorted.length, start: 5, end: 5 + packed.length },
          {
            segment: { size: SIZE } as Segment,
            sides: Uint8Array.from(kinds),
            from: Math.max(0, from),
            until,
          },
          roles,
          into,
        );
        const expected = sorted.filter(
          ({ ordinal, role }) => kinds[ordinal] !== 0 && (isFilter || roles === 0 || (role & roles) !== 0),
        );
        expect([...into.subarray(0, count)]).toEqual(expected.map(({ ordinal }) => ordinal));
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('the tally of terms', () => {
  it('gives each term one number, however many there are', () => {
    const tally = new TermTally();
    const numbers = new Map<string, number>();
    for (let index = 0; index < 120_000; index += 1) {
      const term = `t${((index * 7_919) % 60_000).toString(36)}é`;
      const bytes = encoder.encode(`${term}rest`);
      const number = tally.numberOf(bytes, bytes.length - 4);
      expect(numbers.get(term) ?? tally.size - 1).toBe(number);
      numbers.set(term, number);
      tally.window[number] = (tally.window[number] ?? 0) + 1;
    }
    expect(tally.size).toBe(60_000);
    expect([...numbers].every(([term, number]) => tally.textOf(number) === term)).toBe(true);
    expect(new Set(tally.window.subarray(0, tally.size))).toEqual(new Set([2]));
  });
});

describe('what is compared', () => {
  it.each([
    ['gateway', 'word'],
    ['gw512', 'word'],
    ['登录', 'word'],
    ['é1', 'word'],
    [':tag=7', 'tag'],
    [':attr.plan=pro', 'attribute'],
    [':channel=email', 'channel'],
    [':team=3', 'team'],
    ['512', undefined],
    ['x', undefined],
    ['登', undefined],
    ['https', undefined],
    [':tag=none', undefined],
    [':state=open', undefined],
    [':language=en', undefined],
    [':from=1', undefined],
  ])('%s: %s', (term, kind) => {
    expect(kindOf(encoder.encode(term))).toBe(kind);
  });
});

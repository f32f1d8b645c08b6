import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse, analyseQueryRun, analyseWithOffsets, matchesSequence, type QueryTerm } from './analyse.ts';
import { clusterEnd, fold } from './fold.ts';
import { SPACED, scriptClass } from './scripts.ts';

const word = (term: string, edge?: 'start' | 'end'): QueryTerm =>
  edge ? { term, prefix: false, edge } : { term, prefix: false };

describe('analyse', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['Hello, World!', ['hello', 'world']],
    ['foo@bar.com 2.6.8', ['foo', 'bar', 'com', '2', '6', '8']],
    ['人均150元', ['人均', '均', '150', '元']],
    ['iPhone电池', ['iphone', '电池', '池']],
    ['电', ['电']],
    ['สวัสดี', ['สว', 'วั', 'ัส', 'สด', 'ดี', 'ี']],
    ['한국어 안녕', ['한국', '국어', '어', '안녕', '녕']],
    ['スーパー、時々', ['スー', 'ーパ', 'パー', 'ー', '時々', '々']],
    ['𠮷野家', ['𠮷野', '野家', '家']],
    ['don’t 👍 stop', ['don', 't', 'stop']],
    ['हिन्दी भाषा', ['हिन्दी', 'भाषा']],
    ['a\ud800b\u0000c', ['a', 'b', 'c']],
  ])('%j', (text, terms) => {
    expect(analyse(text)).toEqual(terms);
  });

  test('a long word is cut into pieces of 64 code points', () => {
    expect(analyse('x'.repeat(130)).map((term) => term.length)).toEqual([64, 64, 2]);
    expect(analyse('𐐷'.repeat(65)).map((term) => [...term].length)).toEqual([64, 1]);
  });

  test('every code point of an unspaced run begins exactly one term', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'人均元電𠮷ก็ดカー한'), minLength: 1, maxLength: 20 }),
        (run) => {
          expect(analyse(run).map((term) => String.fromCodePoint(term.codePointAt(0) ?? 0))).toEqual([
            ...fold(run),
          ]);
        },
      ),
    );
  });
});

const units = [
  '人',
  '均',
  '元',
  '𠮷',
  '電',
  'か',
  'ガ',
  'か\u3099',
  'ー',
  'ก',
  '่',
  'ำ',
  '한',
  'ㅋ',
  'a',
  'B',
  'é',
  'e\u0301',
];
const mixed = fc.string({
  unit: fc.constantFrom(
    ...units,
    'ß',
    'ﬁ',
    '①',
    '1',
    '50',
    'я',
    'ب',
    'َ',
    ' ',
    ' ',
    '.',
    '\n',
    '👍',
    '\u200b',
    '!',
    '、',
    'x'.repeat(70),
  ),
  maxLength: 14,
});

/** Borders at which a cut leaves both sides folding as they do in the whole. */
const bordersOf = (text: string): number[] => {
  const borders = [0];
  for (let at = 0; at < text.length; ) {
    at = clusterEnd(text, at);
    borders.push(at);
  }
  return borders;
};

const cutsWord = (text: string, at: number): boolean => {
  const before = [...fold(text.slice(0, at))].at(-1)?.codePointAt(0) ?? 0;
  const after = fold(text.slice(at)).codePointAt(0) ?? 0;
  return scriptClass(before) === SPACED && scriptClass(after) === SPACED;
};

describe('analyseQueryRun', () => {
  test.each<[string, QueryTerm[]]>([
    ['', []],
    ['Hello', [word('hello', 'start')]],
    ['foo@bar.com', [word('foo', 'start'), word('bar'), word('com', 'end')]],
    ['foo.', [word('foo', 'start')]],
    ['.foo.', [word('foo')]],
    ['电', [{ term: '电', prefix: true }]],
    ['电池', [word('电池')]],
    ['电池。', [word('电池'), word('池')]],
    ['均150', [word('均'), word('150', 'end')]],
    ['均150元', [word('均'), word('150'), { term: '元', prefix: true }]],
  ])('%j', (text, terms) => {
    expect(analyseQueryRun(text)).toEqual(terms);
  });

  test('every piece of a text is found in it, words that were cut apart left out', () => {
    let found = 0;
    fc.assert(
      fc.property(mixed, fc.nat(), fc.nat(), (text, a, b) => {
        const borders = bordersOf(text);
        const [from = 0, to = 0] = [a % borders.length, b % borders.length].sort((x, y) => x - y);
        const [start, end] = [borders[from] ?? 0, borders[to] ?? 0];
        const piece = text.slice(start, end);
        const cutStart = cutsWord(text, start);
        const cutEnd = cutsWord(text, end);
        const query = analyseQueryRun(piece);
        const soleWord = query.every((term) => term.edge === 'start');
        const kept = query.filter(
          (term) => !(cutStart && term.edge === 'start') && !(cutEnd && (term.edge === 'end' || soleWord)),
        );
        if (kept.length > 0) found += 1;
        expect(matchesSequence(analyse(text), kept)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 5_000 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  test('in unspaced scripts a piece is found exactly where it stands', () => {
    const unspaced = (minLength: number, maxLength: number) =>
      fc.string({ unit: fc.constantFrom(...'人均元𠮷กา'), minLength, maxLength });
    const outcomes = new Set<boolean>();
    fc.assert(
      fc.property(unspaced(0, 12), unspaced(1, 3), (text, piece) => {
        const isIn = text.includes(piece);
        outcomes.add(isIn);
        expect(matchesSequence(analyse(text), analyseQueryRun(piece)) >= 0).toBe(isIn);
      }),
      { numRuns: 3_000 },
    );
    expect(outcomes.size).toBe(2);
  });
});

describe('analyseWithOffsets', () => {
  test('has the terms of analyse, each at the source that folds to it', () => {
    fc.assert(
      fc.property(fc.oneof(mixed, fc.string({ unit: 'binary', maxLength: 12 }), fc.string()), (text) => {
        const placed = analyseWithOffsets(text);
        expect(placed.map(({ term }) => term)).toEqual(analyse(text));
        for (const { term, start, end } of placed) expect(fold(text.slice(start, end))).toContain(term);
      }),
      { numRuns: 3_000 },
    );
  });

  test('places are those of the text as given', () => {
    const text = '«Zürich» 1\u0301 がん㎏';
    expect(analyseWithOffsets(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'Zürich',
      '1\u0301',
      'がん',
      'ん',
      '㎏',
    ]);
  });
});

test('matchesSequence finds the first place from an index on', () => {
  const terms = ['a', 'b', 'a', 'b', 'bc'];
  expect(matchesSequence(terms, [word('a'), word('b')])).toBe(0);
  expect(matchesSequence(terms, [word('a'), word('b')], 1)).toBe(2);
  expect(matchesSequence(terms, [word('b'), { term: 'b', prefix: true }])).toBe(3);
  expect(matchesSequence(terms, [word('b'), word('c')])).toBe(-1);
  expect(matchesSequence([], [word('b')])).toBe(-1);
});

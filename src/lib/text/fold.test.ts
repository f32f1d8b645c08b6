import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterEnd, fold, foldWithPlaces } from './fold.ts';

const trickyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        'e\u0301',
        'が',
        'か\u3099',
        'ﾊﾟ',
        'ﾟ',
        '한',
        '\u1112\u1161\u11ab',
        'ㅎㅏㄴ',
        '\u1161',
        '\u200b',
        '\u00ad',
        'ﬁ',
        '½',
        '㍿',
        'ΣΣ',
        'ß',
        'İ',
        'ı',
        'น้ำ',
        '葛\u{e0100}',
        '\ud800',
        '\udc00',
        '\u0626',
        'क़',
        '1\ufe0f\u20e3',
        '👩‍🔧',
      ),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

test.each([
  ['ZÜRICH Straße', 'zurich strasse'],
  ['Smørrebrød Łódź Đà Nẵng Œuvre Æon', 'smorrebrod lodz da nang oeuvre aeon'],
  ['ΟΔΟΣ οδός', 'οδοσ οδοσ'],
  ['İstanbul ISPARTA ıspanak', 'istanbul isparta ispanak'],
  ['Ｆｕｌｌ　１２３ ﾊﾟｿｺﾝ', 'full 123 パソコン'],
  ['e\u0301te\u0301', 'ete'],
  ['か\u3099 \u1112\u1161\u11ab', 'が 한'],
  ['مَرْحَبًا كـــتاب أهلا', 'مرحبا كتاب اهلا'],
  ['שָׁלוֹם', 'שלום'],
  ['co\u00adopera\u200btion', 'cooperation'],
  ['ёлка Й', 'елка и'],
  ['葛\u{e0100}', '葛'],
  ['1\ufe0f\u20e3', '1'],
])('fold(%j) is %j', (text, folded) => {
  expect(fold(text)).toBe(folded);
});

test('Hebrew punctuation among the points stays, since it separates words', () => {
  expect(fold('בית\u05beספר')).toBe('בית\u05beספר');
});

test('the fold of a text is the folds of its clusters', () => {
  fc.assert(
    fc.property(trickyText, (text) => {
      const folds: string[] = [];
      for (let start = 0; start < text.length; start = clusterEnd(text, start)) {
        folds.push(fold(text.slice(start, clusterEnd(text, start))));
      }
      expect(folds.join('')).toBe(fold(text));
    }),
    { numRuns: 3_000 },
  );
});

test('folding twice changes nothing', () => {
  fc.assert(
    fc.property(trickyText, (text) => {
      expect(fold(fold(text))).toBe(fold(text));
    }),
    { numRuns: 2_000 },
  );
});

test('places lead from every folded unit to the cluster it came from', () => {
  fc.assert(
    fc.property(trickyText, (text) => {
      const placed = foldWithPlaces(text);
      expect(placed.text).toBe(fold(text));
      let from = 0;
      while (from < placed.text.length) {
        const start = placed.starts[from] ?? -1;
        let to = from;
        while (to < placed.text.length && placed.starts[to] === start) to += 1;
        expect(fold(text.slice(start, placed.ends[from]))).toBe(placed.text.slice(from, to));
        from = to;
      }
    }),
    { numRuns: 2_000 },
  );
});

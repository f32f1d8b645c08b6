/** Letters that Unicode does not take apart, but that people leave out or write differently. */
const SPECIAL: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'ss',
  ø: 'o',
  Ø: 'o',
  ł: 'l',
  Ł: 'l',
  đ: 'd',
  Đ: 'd',
  ð: 'd',
  Ð: 'd',
  þ: 'th',
  Þ: 'th',
  æ: 'ae',
  Æ: 'ae',
  œ: 'oe',
  Œ: 'oe',
  ı: 'i',
  ς: 'σ',
  ħ: 'h',
  Ħ: 'h',
  ŋ: 'n',
  Ŋ: 'n',
};
const SPECIAL_LETTERS = new RegExp(`[${Object.keys(SPECIAL).join('')}]`, 'gu');
const special = (letter: string): string => SPECIAL[letter] ?? letter;

/**
 * What carries no meaning for a search: Latin, Greek and Cyrillic accents and their supplements, Hebrew points (not the
 * punctuation among them, which separates words), Arabic vowels and tatweel, marks around symbols (keycaps), soft hyphen,
 * zero-width and direction characters, variation selectors (of emoji and of ideographs).
 */
const DROPPED_RANGES =
  '\\u0300-\\u036f\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20ff\\ufe20-\\ufe2f' +
  '\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7' +
  '\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u0640' +
  '\\u00ad\\u034f\\u061c\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff' +
  '\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}';
const DROPPED = new RegExp(`[${DROPPED_RANGES}]`, 'gu');

/** What composes with the character before it: marks, and the vowels and finals of Hangul written in parts. */
const COMPOSING = new RegExp(`^[\\p{M}\\u1160-\\u11ff\\ud7b0-\\ud7ff${DROPPED_RANGES}]`, 'u');

/** True when all characters are below U+0080. */
export const isAscii = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
};

/**
 * The form in which words are compared: compatibility forms and accents gone, lower case, kana and Hangul whole.
 * The same on both engines, because it happens here and not in them. The fold of a text is the folds of its clusters
 * ({@link clusterEnd}) one after the other, so a piece of a text folds like the same piece inside the text wherever it
 * was not cut before a character that composes with the one before (a kana's voicing mark, a part of a Hangul syllable).
 */
export const fold = (text: string): string => {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(SPECIAL_LETTERS, special)
    .toLowerCase()
    .replace(DROPPED, '')
    .replaceAll('ς', 'σ')
    .normalize('NFC');
};

/** 0 unknown, 1 begins a cluster, 2 continues one; for the basic plane. */
const clusterTable = new Uint8Array(0x10000);

const continues = (codePoint: number): boolean => {
  const known = codePoint < 0x10000 ? clusterTable[codePoint] : 0;
  if (known) return known === 2;
  const found = COMPOSING.test(String.fromCodePoint(codePoint).normalize('NFKD'));
  if (codePoint < 0x10000) clusterTable[codePoint] = found ? 2 : 1;
  return found;
};

/** Index behind the cluster that begins at `start`: a character and what composes with it. Folds never reach over it. */
export const clusterEnd = (text: string, start: number): number => {
  let end = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
  while (end < text.length) {
    const codePoint = text.codePointAt(end) ?? 0;
    if (!continues(codePoint)) break;
    end += codePoint > 0xffff ? 2 : 1;
  }
  return end;
};

/** Folded text with the place in the source, in UTF-16 units, of each of its UTF-16 units. */
export interface PlacedFold {
  readonly text: string;
  /** Source index where the unit's cluster begins. */
  readonly starts: Uint32Array;
  /** Source index behind the unit's cluster. */
  readonly ends: Uint32Array;
}

/** {@link fold} that keeps the places, for highlighting. */
export const foldWithPlaces = (text: string): PlacedFold => {
  const folded = fold(text);
  const starts = new Uint32Array(folded.length);
  const ends = new Uint32Array(folded.length);
  let at = 0;
  for (let start = 0; start < text.length; ) {
    const end = clusterEnd(text, start);
    const length =
      end - start === 1 && text.charCodeAt(start) < 0x80 ? 1 : fold(text.slice(start, end)).length;
    for (let unit = 0; unit < length; unit += 1, at += 1) {
      starts[at] = start;
      ends[at] = end;
    }
    start = end;
  }
  return { text: folded, starts, ends };
};

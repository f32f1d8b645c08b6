/** What a code point is to the analyser. */
export const SEPARATOR = 0;
/** Part of a word that spaces delimit. */
export const SPACED = 1;
/** Part of a run in a script that has no spaces (or, for Hangul, that glues endings to words): indexed in pairs. */
export const UNSPACED = 2;

const WORD = /[\p{L}\p{N}\p{M}]/u;
const PAIRED =
  /[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Hangul}]/u;
/** The first of them (Thai). */
const FIRST_PAIRED = 0x0e00;

/** Class + 1 a code point of the basic plane; 0 where it was not asked for yet. */
const table = new Uint8Array(0x10000);

const classify = (codePoint: number): number => {
  const text = String.fromCodePoint(codePoint);
  if (!WORD.test(text)) return SEPARATOR;
  return codePoint >= FIRST_PAIRED && PAIRED.test(text) ? UNSPACED : SPACED;
};

/** SEPARATOR, SPACED or UNSPACED. A lone surrogate separates. */
export const scriptClass = (codePoint: number): number => {
  if (codePoint > 0xffff) return classify(codePoint);
  const known = table[codePoint] ?? 0;
  if (known !== 0) return known - 1;
  const found = classify(codePoint);
  table[codePoint] = found + 1;
  return found;
};

/** A term of a script without spaces: one or two of its characters. */
export const isUnspacedTerm = (term: string): boolean => scriptClass(term.codePointAt(0) ?? 0) === UNSPACED;

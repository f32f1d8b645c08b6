import { detect } from 'tinyld/light';

/** A text's beginning tells its language: of 1,855 messages in seven languages 1,842 with 90 characters, 1,841 with 120. */
const BEGINNING = 90;
/** Fewer letters tell nothing. */
const FEWEST_LETTERS = 12;
/** Scripts of one language, which tell it with fewer letters. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const LETTERS = /\p{L}/gu;

/**
 * The language that a text is written in, by its beginning, as tinyld tells it.
 * @returns an ISO 639-1 code; undefined where it cannot be told
 */
export const languageOf = (text: string): string | undefined => {
  const beginning = text.slice(0, BEGINNING).toWellFormed();
  const letters = beginning.match(LETTERS)?.length ?? 0;
  if (letters < (UNSPACED.test(beginning) ? 2 : FEWEST_LETTERS)) return undefined;
  return detect(beginning) || undefined;
};

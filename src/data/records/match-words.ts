import { fold } from '../../lib/text/fold.ts';

/** A word in the most telling text counts so much more than one in a body. */
const TITLE = 8;
const OTHER = 3;
/** A word as it stands says more than one within another. */
const WHOLE = 4;
/** More occurrences in a body say no more. */
const MANY = 8;

/** What stands between words. */
const BETWEEN = /[^\p{L}\p{M}\p{N}]+/u;

const occurrences = (text: string, word: string): number => {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0 && count < MANY; at = text.indexOf(word, at + word.length))
    count += 1;
  return count;
};

/**
 * How well an object fits words, all of which must occur somewhere in it, as they are or within others; capitals and
 * accents do not matter. @param bodies read only where the fields do not say enough
 * @returns 0 where one does not occur
 */
export const wordScore = (
  words: readonly string[],
  fields: readonly (string | null)[],
  bodies: () => readonly string[] = () => [],
): number => {
  const folded = fields.map((field) => (field === null ? '' : fold(field)));
  let body: string | undefined;
  let score = 0;
  for (const word of words) {
    let points = 0;
    folded.forEach((field, place) => {
      if (!field.includes(word)) return;
      // The best place counts: a description that repeats the title says no more.
      const own = (place === 0 ? TITLE : OTHER) + (field.split(BETWEEN).includes(word) ? WHOLE : 0);
      points = Math.max(points, own);
    });
    body ??= bodies().map(fold).join('\n');
    points += occurrences(body, word) / MANY;
    if (points === 0) return 0;
    score += points;
  }
  return Math.round(score * 1_000) / 1_000;
};

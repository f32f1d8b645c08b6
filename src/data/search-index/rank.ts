import { LENGTHS, occurrencesOf, roleBit, rolesOfByte } from './posting-bytes.ts';
import type { Segment } from './segment-cache.ts';
import type { Clause } from './types.ts';

/**
 * Okapi BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", 3.5). The constants are those that found
 * best in conversations (`npm run bench -- --quality`): length says little there, and repetition much.
 */
const K1 = 2;
const B = 0.4;
/** Rare words count a little more than their weight says. */
const RARITY = 1.3;
/** What the customer says is what a conversation is about. */
const CUSTOMER_FACTOR = 2;
const CUSTOMER = roleBit('customer');

/** Numbers of the whole workspace that scores depend on. */
export interface Statistics {
  readonly weights: readonly number[];
  readonly averageLength: number;
}

/**
 * Weight of each clause by how few conversations have it, over living documents only: the same however they lie.
 * @param frequencies by segment, clause and term: living documents that have the term
 */
export const statisticsOf = (
  segments: readonly Segment[],
  frequencies: readonly (readonly (readonly number[])[])[],
  clauses: readonly Clause[],
): Statistics => {
  const documents = segments.reduce((sum, { size, deadCount }) => sum + size - deadCount, 0);
  const terms = segments.reduce((sum, { liveTerms }) => sum + liveTerms, 0);
  const weights = clauses.map((clause, index) => {
    // A sequence is about as rare as its rarest term; how often it occurs as a whole is not known of all documents.
    const frequency = Math.min(
      ...clause.map((_, term) =>
        frequencies.reduce((sum, segment) => sum + (segment[index]?.[term] ?? 0), 0),
      ),
    );
    return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5)) ** RARITY;
  });
  return { weights, averageLength: Math.max(1, terms / Math.max(1, documents)) };
};

/** More than any score: puts documents with all clauses before those with some. */
export const wholeBonus = ({ weights }: Statistics): number =>
  Math.ceil(2 * (K1 + 1) * weights.reduce((sum, weight) => sum + weight, 0));

/** How often a posting's byte says that a term occurs, what the customer says counted more. */
const COUNTED: Float64Array = Float64Array.from({ length: 256 }, (_, byte) => {
  const factor = (rolesOfByte(byte) & CUSTOMER) === 0 ? 1 : CUSTOMER_FACTOR;
  return occurrencesOf(byte) * factor;
});

/** Adds what a clause says about each document. @param bytes the posting's byte by ordinal @param points by ordinal */
export const addScores = (
  { columns, size }: Segment,
  bytes: Uint8Array,
  weight: number,
  averageLength: number,
  points: Float64Array,
): void => {
  const { lengths } = columns;
  const damping = Float64Array.from(LENGTHS, (length) => K1 * (1 - B + (B * length) / averageLength));
  for (let ordinal = 0; ordinal < size; ordinal += 1) {
    const byte = bytes[ordinal] ?? 0;
    if (byte === 0) continue;
    const occurrences = COUNTED[byte] ?? 0;
    const damp = damping[lengths[ordinal] ?? 0] ?? 0;
    points[ordinal] = (points[ordinal] ?? 0) + (weight * occurrences * (K1 + 1)) / (occurrences + damp);
  }
};

import { eachBit } from '../../lib/bytes/bitset.ts';
import { LENGTHS, occurrencesOf, roleBit, rolesOfByte } from './posting-bytes.ts';
import type { Segment } from './segment-cache.ts';
import type { Bits } from '../../lib/bytes/bitset.ts';
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

/** Calls `each` with the score of every matched document. `bytes`: by clause, the posting's byte by ordinal. */
export const scoreSegment = (
  { segment, matched }: { readonly segment: Segment; readonly matched: Bits },
  bytes: readonly Uint8Array[],
  { weights, averageLength }: Statistics,
  each: (ordinal: number, score: number) => void,
): void => {
  const { lengths } = segment.columns;
  const damping = Float64Array.from(LENGTHS, (length) => K1 * (1 - B + (B * length) / averageLength));
  eachBit(matched, (ordinal) => {
    const damp = damping[lengths[ordinal] ?? 0] ?? 0;
    let score = 0;
    for (let clause = 0; clause < bytes.length; clause += 1) {
      const byte = bytes[clause]?.[ordinal] ?? 0;
      const factor = (rolesOfByte(byte) & CUSTOMER) === 0 ? 1 : CUSTOMER_FACTOR;
      const occurrences = occurrencesOf(byte) * factor;
      score += ((weights[clause] ?? 0) * occurrences * (K1 + 1)) / (occurrences + damp);
    }
    each(ordinal, score);
  });
};

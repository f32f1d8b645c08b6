import { eachBit } from '../../lib/bytes/bitset.ts';
import { LENGTHS, occurrencesOf } from './posting-bytes.ts';
import type { Segment } from './segment-cache.ts';
import type { Bits } from '../../lib/bytes/bitset.ts';
import type { Clause } from './types.ts';

/** Okapi BM25 with the usual constants (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", 3.5). */
const K1 = 1.2;
const B = 0.75;

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
    return Math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5));
  });
  return { weights, averageLength: Math.max(1, terms / Math.max(1, documents)) };
};

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
      const occurrences = occurrencesOf(bytes[clause]?.[ordinal] ?? 0);
      score += ((weights[clause] ?? 0) * occurrences * (K1 + 1)) / (occurrences + damp);
    }
    each(ordinal, score);
  });
};

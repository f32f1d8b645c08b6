import type { Bits } from '../../lib/bytes/bitset.ts';
import { addScores, type Statistics } from './rank.ts';
import type { Segment } from './segment-cache.ts';
import type { Clause } from './types.ts';

interface Scored {
  readonly clauses: readonly Clause[];
  readonly weights: readonly number[];
  readonly points: Float64Array;
}

/** What is scored: a segment with the posting's byte by clause and document. */
interface Scorable {
  readonly segment: Segment;
  readonly matched: Bits;
  readonly bytes: readonly Uint8Array[];
}

const startsWith = <T>(list: readonly T[], start: readonly T[]): boolean =>
  start.length <= list.length && start.every((each, place) => list[place] === each);

/** Scores of a question's documents. A question that is asked again with more clauses goes on where the last one ended. */
export class Scores {
  readonly #last = new Map<Segment, Scored>();

  /** By ordinal, the sum over all clauses; of documents that are not matched it says nothing. */
  of({ bytes, segment }: Scorable, clauses: readonly Clause[], statistics: Statistics): Float64Array {
    const last = this.#last.get(segment);
    const { weights } = statistics;
    const goesOn =
      last !== undefined && startsWith(clauses, last.clauses) && startsWith(weights, last.weights);
    const points = goesOn ? last.points.slice() : new Float64Array(segment.size);
    for (let place = goesOn ? last.clauses.length : 0; place < clauses.length; place += 1) {
      const list = bytes[place];
      if (list !== undefined) addScores(segment, list, weights[place] ?? 0, statistics.averageLength, points);
    }
    this.#last.set(segment, { clauses, weights, points });
    return points;
  }
}

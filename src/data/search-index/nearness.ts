import { ClausePlaces } from './sequences.ts';
import type { Segment } from './segment-cache.ts';
import type { TermReader } from './term-reader.ts';
import type { Clause } from './types.ts';

/** Clauses that stand this near, in any order, count a little. */
const NEAR = 8;
const NEAR_SHARE = 0.3;

/** 1 when the second clause follows the first at once somewhere, less when they are near each other, else 0. */
const closeness = (first: readonly number[], firstLength: number, second: readonly number[]): number => {
  let near = 0;
  let at = 0;
  for (const start of first) {
    while (at < second.length && (second[at] ?? 0) < start - NEAR) at += 1;
    for (
      let index = at;
      index < second.length && (second[index] ?? 0) <= start + firstLength + NEAR;
      index += 1
    ) {
      if (second[index] === start + firstLength) return 1;
      near = NEAR_SHARE;
    }
  }
  return near;
};

/**
 * What a document gains because the words of the question stand in it as they stand in the question: for each pair of
 * neighbours a share of the weight of the lighter one. Asked for few documents only, in ascending order.
 */
export const nearnessOf = (
  reader: TermReader,
  segment: Segment,
  clauses: readonly Clause[],
  weights: readonly number[],
  share: number,
): ((ordinal: number) => number) => {
  const places = clauses.map((clause) => new ClausePlaces(reader, segment, clause));
  return (ordinal) => {
    const starts = places.map((place) => place.starts(ordinal));
    let gain = 0;
    for (let index = 1; index < places.length; index += 1) {
      const weight = Math.min(weights[index - 1] ?? 0, weights[index] ?? 0);
      gain +=
        share *
        weight *
        closeness(starts[index - 1] ?? [], places[index - 1]?.length ?? 1, starts[index] ?? []);
    }
    return gain;
  };
};

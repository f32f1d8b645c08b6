import { type Bits, eachBit } from '../../lib/bytes/bitset.ts';
import type { ReadContext } from '../context.ts';
import type { SegmentMatcher } from './match-segment.ts';
import type { Segment } from './segment-cache.ts';
import { TopRows } from './top-rows.ts';
import type { IndexQuery, SearchOrder, SearchPosition } from './types.ts';

/** A document on its way into an answer. */
export interface Row extends SearchPosition {
  readonly match: Matched;
  readonly ordinal: number;
}

/** A segment's answer. */
export interface Matched {
  readonly segment: Segment;
  readonly matcher: SegmentMatcher;
  readonly matched: Bits;
  /** Those of them that have all clauses; undefined: all of them. */
  readonly whole: Bits | undefined;
  /** By clause that ranks: the posting's byte by document; empty where order is by time. */
  readonly bytes: readonly Uint8Array[];
}

/** Newest first, then the larger id: a total order, alike on both engines. */
const byTime = (a: SearchPosition, b: SearchPosition): number =>
  b.createdAt - a.createdAt || b.key - a.key || b.docId - a.docId;
/** The best first, then the newest. */
export const byScore = (a: SearchPosition, b: SearchPosition): number =>
  (b.score ?? 0) - (a.score ?? 0) || byTime(a, b);

const orderOf = (order: SearchOrder, scored: boolean): ((a: SearchPosition, b: SearchPosition) => number) => {
  if (scored) return byScore;
  return order === 'oldest' ? (a, b) => byTime(b, a) : byTime;
};

export const rowOf = (match: Matched, ordinal: number, score: number | null): Row => {
  const { columns } = match.segment;
  return {
    match,
    ordinal,
    score,
    createdAt: columns.times.created_at[ordinal] ?? 0,
    key: columns.keys[ordinal] ?? 0,
    docId: columns.docIds[ordinal] ?? 0,
  };
};

/** The first rows of an order by time. */
export const rowsByTime = (
  context: ReadContext,
  matches: readonly Matched[],
  { order, limit, after }: IndexQuery,
): readonly Row[] => {
  const compare = orderOf(order, false);
  const top = new TopRows<Row>(limit + 1, compare);
  for (const match of matches) {
    context.alive();
    const created = match.segment.columns.times.created_at;
    eachBit(match.matched, (ordinal) => {
      const { last } = top;
      const ahead = last === undefined ? 0 : (created[ordinal] ?? 0) - last.createdAt;
      if (order === 'oldest' ? ahead > 0 : ahead < 0) return;
      const row = rowOf(match, ordinal, null);
      if (after === undefined || compare(row, after) > 0) top.add(row);
    });
  }
  return top.sorted();
};

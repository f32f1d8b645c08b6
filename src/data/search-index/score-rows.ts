import { eachBit, hasBit } from '../../lib/bytes/bitset.ts';
import type { ReadContext } from '../context.ts';
import type { IndexSession } from './index-session.ts';
import { byScore, type Matched, type Row, rowOf } from './index-rows.ts';
import { nearnessOf } from './nearness.ts';
import { type Statistics, wholeBonus } from './rank.ts';
import type { Segment } from './segment-cache.ts';
import type { TermReader } from './term-reader.ts';
import { TopRows } from './top-rows.ts';
import type { Clause, IndexQuery, SearchPosition } from './types.ts';

/** The best so many by words alone are ordered anew by how near the words stand to each other. */
const REORDERED = 500;

/** What rows are ranked by. */
export interface Ranking {
  /** What was asked for. */
  readonly clauses: readonly Clause[];
  /** The same, and what only hints behind it: in the order of the statistics. */
  readonly ranked: readonly Clause[];
  readonly statistics: Statistics;
  /** How near they stand to each other says nothing. */
  readonly isBag: boolean;
  /** See `nearnessOf`. */
  readonly nearness: number;
}

/** Scores every match, orders the best anew, then takes the page. */
export const rowsByScore = async (
  context: ReadContext,
  { nearness: gains, reader, scores }: Pick<IndexSession, 'nearness' | 'reader' | 'scores'>,
  matches: readonly Matched[],
  { limit, after }: IndexQuery,
  ranking: Ranking,
): Promise<readonly Row[]> => {
  const { clauses, statistics } = ranking;
  const ahead = wholeBonus(statistics);
  const isOnPage = (row: SearchPosition): boolean => after === undefined || byScore(row, after) > 0;
  const points = matches.map((match) => {
    context.alive();
    return scores.of(match, ranking.ranked, statistics);
  });
  const keep = (top: TopRows<Row>, isWanted: (row: SearchPosition) => boolean): void => {
    matches.forEach((match, place) => {
      context.alive();
      const { matched, whole } = match;
      const scored = points[place] ?? new Float64Array();
      eachBit(matched, (ordinal) => {
        const own = scored[ordinal] ?? 0;
        const score = whole !== undefined && hasBit(whole, ordinal) ? own + ahead : own;
        const worst = top.last?.score ?? Number.NEGATIVE_INFINITY;
        if (score < worst) return;
        const row = rowOf(match, ordinal, score);
        if (isWanted(row)) top.add(row);
      });
    });
  };
  const page = new TopRows<Row>(limit + 1, byScore);
  if (clauses.length === 1 || ranking.isBag) {
    keep(page, isOnPage);
    return page.sorted();
  }
  const best = new TopRows<Row>(REORDERED, byScore);
  keep(best, () => true);
  const first = best.sorted();
  for (const row of await reordered(context, reader, gains, first, ranking)) {
    if (isOnPage(row)) page.add(row);
  }
  // Behind the reordered ones the others follow as they are: nearness only ever adds.
  const last = first.at(-1);
  if (first.length === REORDERED && last !== undefined && page.last === undefined) {
    keep(page, (row) => byScore(row, last) > 0 && isOnPage(row));
  }
  return page.sorted();
};

/** The rows with what they gain by nearness. */
const reordered = async (
  context: ReadContext,
  reader: TermReader,
  gains: Map<Segment, Map<number, number>>,
  rows: readonly Row[],
  { clauses, nearness, statistics }: Ranking,
): Promise<readonly Row[]> => {
  if (rows.length === 0) return [];
  const bySegment = new Map<Segment, number[]>();
  for (const { match, ordinal } of rows) {
    const { segment } = match;
    const known = gains.get(segment) ?? new Map<number, number>();
    gains.set(segment, known);
    if (known.has(ordinal)) continue;
    const group = bySegment.get(segment);
    if (group === undefined) bySegment.set(segment, [ordinal]);
    else group.push(ordinal);
  }
  await reader.loadPositions([...bySegment.keys()], clauses.flat());
  for (const [segment, group] of bySegment) {
    context.alive();
    const gain = nearnessOf(reader, segment, clauses, statistics.weights, nearness);
    for (const ordinal of group.sort((a, b) => a - b)) gains.get(segment)?.set(ordinal, gain(ordinal));
  }
  return rows.map((row) => ({
    ...row,
    score: (row.score ?? 0) + (gains.get(row.match.segment)?.get(row.ordinal) ?? 0),
  }));
};

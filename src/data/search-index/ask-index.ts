import { countBits, eachBit, intersect } from '../../lib/bytes/bitset.ts';
import type { QueryTerm } from '../../lib/text/analyse.ts';
import type { ReadContext } from '../context.ts';
import { filterQueryTerm, matchSegment, type SegmentMatch } from './match-segment.ts';
import { nearnessOf } from './nearness.ts';
import { scoreSegment, type Statistics, statisticsOf } from './rank.ts';
import { loadSegments, type Segment } from './segment-cache.ts';
import { matchSequence } from './sequences.ts';
import { TermReader } from './term-reader.ts';
import { TopRows } from './top-rows.ts';
import type { Clause, IndexAnswer, IndexQuery, SearchOrder, SearchPosition } from './types.ts';

/** The best so many by words alone are ordered anew by how near the words stand to each other. */
const REORDERED = 500;

interface Row extends SearchPosition {
  readonly match: Matched;
  readonly ordinal: number;
}

/** A segment's answer with what ranking needs; bytes by clause, empty where order is by time. */
interface Matched extends SegmentMatch {
  readonly bytes: readonly Uint8Array[];
}

const isSequence = (clause: Clause): boolean => clause.length > 1;

/** Newest first, then the larger id: a total order, alike on both engines. */
const byTime = (a: SearchPosition, b: SearchPosition): number =>
  b.createdAt - a.createdAt || b.key - a.key || b.docId - a.docId;
const byScore = (a: SearchPosition, b: SearchPosition): number =>
  (b.score ?? 0) - (a.score ?? 0) || byTime(a, b);

const orderOf = (order: SearchOrder, scored: boolean): ((a: SearchPosition, b: SearchPosition) => number) => {
  if (scored) return byScore;
  return order === 'oldest' ? (a, b) => byTime(b, a) : byTime;
};

const rowOf = (match: Matched, ordinal: number, score: number | null): Row => {
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

/**
 * Answers a question from the index. The loops look at the clock of `context.alive` between segments, so that a question
 * that nobody waits for ends.
 */
export const askIndex = async (context: ReadContext, query: IndexQuery): Promise<IndexAnswer> => {
  const segments = await loadSegments(context.db, context.segments, query.workspaceId);
  const reader = new TermReader(context.db, query.workspaceId);
  const scored = query.order === 'relevance' && query.clauses.length > 0;
  const filters = query.filters.flat().map(filterQueryTerm);
  await reader.load(segments, [...query.clauses.flat(), ...filters]);
  const found: SegmentMatch[] = [];
  for (const segment of segments) {
    context.alive();
    found.push(matchSegment(reader, segment, query));
  }
  const matches = await withSequences(context, reader, found, query.clauses, scored);
  const total = matches.reduce((sum, { matched }) => sum + countBits(matched), 0);
  const rows = !scored
    ? rowsByTime(context, matches, query)
    : await rowsByScore(context, reader, matches, query, statisticsOf(segments, found, query.clauses));
  return {
    total,
    isCut: found.some((match) => match.isCut),
    hasMore: rows.length > query.limit,
    hits: rows
      .slice(0, query.limit)
      .map(({ score, createdAt, key, docId }) => ({ score, createdAt, key, docId })),
  };
};

/** Leaves what has the sequences, not only their terms, and reads what ranking needs. Segments without a match go. */
const withSequences = async (
  context: ReadContext,
  reader: TermReader,
  found: readonly SegmentMatch[],
  clauses: readonly Clause[],
  scored: boolean,
): Promise<readonly Matched[]> => {
  const hopeful = found.filter(({ matched }) => countBits(matched) > 0);
  const sequences = clauses.filter(isSequence);
  await reader.loadPositions(
    hopeful.map(({ segment }) => segment),
    sequences.flat(),
  );
  return hopeful.flatMap((match) => {
    const { matched, segment } = match;
    const bytes: Uint8Array[] = [];
    for (const clause of clauses) {
      context.alive();
      if (isSequence(clause)) {
        const sequence = matchSequence(reader, segment, clause, matched);
        intersect(matched, sequence.bits);
        bytes.push(sequence.bytes);
      } else if (scored) bytes.push(reader.postingBytes(segment, clause[0] as QueryTerm));
    }
    return countBits(matched) === 0 ? [] : [{ ...match, bytes }];
  });
};

const rowsByTime = (
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

/** Scores every match, orders the best anew, then takes the page. */
const rowsByScore = async (
  context: ReadContext,
  reader: TermReader,
  matches: readonly Matched[],
  { clauses, limit, after }: IndexQuery,
  statistics: Statistics,
): Promise<readonly Row[]> => {
  const isOnPage = (row: SearchPosition): boolean => after === undefined || byScore(row, after) > 0;
  const keep = (top: TopRows<Row>, isWanted: (row: SearchPosition) => boolean): void => {
    for (const match of matches) {
      context.alive();
      scoreSegment(match, match.bytes, statistics, (ordinal, score) => {
        const worst = top.last?.score ?? Number.NEGATIVE_INFINITY;
        if (score < worst) return;
        const row = rowOf(match, ordinal, score);
        if (isWanted(row)) top.add(row);
      });
    }
  };
  const page = new TopRows<Row>(limit + 1, byScore);
  if (clauses.length === 1) {
    keep(page, isOnPage);
    return page.sorted();
  }
  const best = new TopRows<Row>(REORDERED, byScore);
  keep(best, () => true);
  const first = best.sorted();
  for (const row of await reordered(context, reader, first, clauses, statistics.weights)) {
    if (isOnPage(row)) page.add(row);
  }
  // Behind the reordered ones the others follow as they are: nearness only ever adds.
  const last = first.at(-1);
  if (first.length === REORDERED && last !== undefined) {
    keep(page, (row) => byScore(row, last) > 0 && isOnPage(row));
  }
  return page.sorted();
};

/** The rows with what they gain by nearness. */
const reordered = async (
  context: ReadContext,
  reader: TermReader,
  rows: readonly Row[],
  clauses: readonly Clause[],
  weights: readonly number[],
): Promise<readonly Row[]> => {
  if (rows.length === 0) return [];
  const bySegment = new Map<Segment, Row[]>();
  for (const row of rows) {
    const group = bySegment.get(row.match.segment);
    if (group === undefined) bySegment.set(row.match.segment, [row]);
    else group.push(row);
  }
  await reader.loadPositions([...bySegment.keys()], clauses.flat());
  return [...bySegment].flatMap(([segment, group]) => {
    context.alive();
    const gain = nearnessOf(reader, segment, clauses, weights);
    return group
      .sort((a, b) => a.ordinal - b.ordinal)
      .map((row) => ({ ...row, score: (row.score ?? 0) + gain(row.ordinal) }));
  });
};

import {
  addBit,
  type Bits,
  countBits,
  emptyBits,
  fullBits,
  intersect,
  keepRange,
  subtract,
  unite,
} from '../../lib/bytes/bitset.ts';
import type { QueryTerm } from '../../lib/text/analyse.ts';
import { firstFrom, hasTime, ordinalOf } from './doc-columns.ts';
import type { Segment } from './segment-cache.ts';
import type { TermReader } from './term-reader.ts';
import type { Clause, IndexQuery } from './types.ts';

/** A question's answer in one segment, before sequences are looked at. */
export interface SegmentMatch {
  readonly segment: Segment;
  /** Living documents that pass the filters and have all terms. */
  readonly matched: Bits;
  /** By clause and term: living documents of the whole segment that have the term. */
  readonly frequencies: readonly (readonly number[])[];
  /** A piece of a word stands in more words than are looked up. */
  readonly isCut: boolean;
}

export const filterQueryTerm = (term: string): QueryTerm => ({ term, prefix: false });

const keepTimes = (bits: Bits, segment: Segment, time: NonNullable<IndexQuery['time']>): void => {
  const column = segment.columns.times[time.field];
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = time;
  if (time.field === 'created_at') {
    keepRange(bits, firstFrom(column, start), firstFrom(column, end));
    return;
  }
  for (let ordinal = 0; ordinal < segment.size; ordinal += 1) {
    const value = column[ordinal] ?? 0;
    if (hasTime(value) && value >= start && value < end) continue;
    bits[ordinal >>> 5] = (bits[ordinal >>> 5] ?? 0) & ~(1 << (ordinal & 31));
  }
};

const docBits = (segment: Segment, docIds: readonly number[]): Bits => {
  const bits = emptyBits(segment.size);
  for (const docId of docIds) {
    const ordinal = ordinalOf(segment.columns, docId);
    if (ordinal !== undefined) addBit(bits, ordinal);
  }
  return bits;
};

/** Takes out what a clause rules out. @returns living documents that have each of its terms */
const keepClause = (reader: TermReader, segment: Segment, clause: Clause, matched: Bits): number[] =>
  clause.map((term) => {
    const bits = reader.bits(segment, term);
    if (segment.dead !== undefined) subtract(bits, segment.dead);
    intersect(matched, bits);
    return countBits(bits);
  });

/** Asks one segment; the blocks must be loaded. */
export const matchSegment = (reader: TermReader, segment: Segment, query: IndexQuery): SegmentMatch => {
  const matched = fullBits(segment.size);
  if (segment.dead !== undefined) subtract(matched, segment.dead);
  if (query.time !== undefined) keepTimes(matched, segment, query.time);
  if (query.docIds !== undefined) intersect(matched, docBits(segment, query.docIds));
  for (const group of query.filters) {
    const any = emptyBits(segment.size);
    for (const filter of group) unite(any, reader.bits(segment, filterQueryTerm(filter)));
    intersect(matched, any);
  }
  const frequencies = query.clauses.map((clause) => keepClause(reader, segment, clause, matched));
  const isCut = query.clauses.flat().some((term) => reader.isCut(segment, term));
  return { segment, matched, frequencies, isCut };
};

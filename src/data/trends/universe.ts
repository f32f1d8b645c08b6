import type { Bits } from '../../lib/bytes/bitset.ts';
import { eachBit } from '../../lib/bytes/bitset.ts';
import { ZoneClock } from '../../lib/zone-clock.ts';
import type { Segment } from '../search-index/segment-cache.ts';
import { IN_BASELINE, IN_WINDOW, type SegmentSides } from './scan-terms.ts';

/** Half-open span in Unix seconds. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A segment's part of what is compared. */
export interface CountedSegment extends SegmentSides {
  /** By ordinal: the document's place on its side. */
  readonly places: Int32Array;
}

/** The conversations of one side, by place. */
export interface Side {
  readonly size: number;
  /** Days since 1970-01-01 in the zone. */
  readonly days: Int32Array;
  readonly docIds: Int32Array;
  readonly created: Int32Array;
  readonly keys: Float64Array;
  /** A number for the contact; 0 where none is known. */
  readonly contacts: Int32Array;
}

/** All conversations that are compared. */
export interface Universe {
  readonly segments: readonly CountedSegment[];
  readonly window: Side;
  readonly baseline: Side;
}

const sideOf = (size: number): Side => ({
  size,
  days: new Int32Array(size),
  docIds: new Int32Array(size),
  created: new Int32Array(size),
  keys: new Float64Array(size),
  contacts: new Int32Array(size),
});

const isIn = (time: number, { end, start }: Span): boolean => time >= start && time < end;

/** Which documents are of which side; they are numbered on each side. */
export const buildUniverse = (
  matches: readonly { readonly segment: Segment; readonly matched: Bits }[],
  spans: { readonly window: Span; readonly baseline: Span; readonly zone: string },
): Universe => {
  const { baseline, window, zone } = spans;
  const sizes = { window: 0, baseline: 0 };
  const segments = matches.flatMap(({ matched, segment }): CountedSegment[] => {
    const created = segment.columns.times.created_at;
    const sides = new Uint8Array(segment.size);
    const places = new Int32Array(segment.size);
    let from = segment.size;
    let until = 0;
    eachBit(matched, (ordinal) => {
      const time = created[ordinal] ?? 0;
      const side = isIn(time, window) ? IN_WINDOW : isIn(time, baseline) ? IN_BASELINE : 0;
      if (side === 0) return;
      sides[ordinal] = side;
      places[ordinal] = side === IN_WINDOW ? sizes.window++ : sizes.baseline++;
      from = Math.min(from, ordinal);
      until = ordinal + 1;
    });
    return until === 0 ? [] : [{ segment, sides, places, from, until }];
  });
  const universe = { segments, window: sideOf(sizes.window), baseline: sideOf(sizes.baseline) };
  fill(universe, new ZoneClock(zone, Math.min(baseline.start, window.start), window.end));
  return universe;
};

const fill = ({ baseline, segments, window }: Universe, clock: ZoneClock): void => {
  for (const { from, places, segment, sides, until } of segments) {
    const { docIds, keys, times } = segment.columns;
    for (let ordinal = from; ordinal < until; ordinal += 1) {
      if (sides[ordinal] === 0) continue;
      const side = sides[ordinal] === IN_WINDOW ? window : baseline;
      const place = places[ordinal] ?? 0;
      const created = times.created_at[ordinal] ?? 0;
      side.days[place] = clock.unit(created, 'day');
      side.created[place] = created;
      side.docIds[place] = docIds[ordinal] ?? 0;
      side.keys[place] = keys[ordinal] ?? 0;
    }
  }
};

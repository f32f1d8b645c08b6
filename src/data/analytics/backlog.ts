import { hasBit } from '../../lib/bytes/bitset.ts';
import { type CalendarUnit, nextUnit, unitStart, type ZoneClock } from '../../lib/zone-clock.ts';
import { startOfZonedDay } from '../../lib/time-zone.ts';
import { hasTime } from '../search-index/doc-columns.ts';
import { filterTerm } from '../search-index/types.ts';
import type { SegmentFacts } from './segment-facts.ts';

/** Moments at which open conversations are counted, ascending; Unix seconds. */
export interface Moments {
  readonly at: readonly number[];
  /** The calendar unit that each closes; undefined where they close none. */
  readonly units: readonly number[];
}

/** More moments make no readable answer. */
export const MAX_MOMENTS = 5_000;

/** The last moment of a span, or of each calendar unit in it; none lies behind `now`. */
export const momentsOf = (
  span: { readonly start: number; readonly end: number },
  now: number,
  unit: CalendarUnit | undefined,
  clock: ZoneClock,
  zone: string,
): Moments => {
  const end = Math.min(span.end, now);
  if (unit !== 'day' && unit !== 'week' && unit !== 'month') return { at: [end], units: [] };
  const at: number[] = [];
  const units: number[] = [];
  if (span.start >= end) return { at, units };
  const last = clock.unit(end - 1, unit);
  for (let value = clock.unit(span.start, unit); value <= last; value = nextUnit(value, unit)) {
    const [year, month, day] = unitStart(nextUnit(value, unit), unit);
    at.push(Math.min(end, startOfZonedDay({ year, month, day }, zone) / 1000));
    units.push(value);
    if (units.length > MAX_MOMENTS) break;
  }
  return { at, units };
};

/** The first place of an ascending list that is above a value. */
const firstAbove = (list: readonly number[], value: number): number => {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
};

/**
 * From which moment until before which one a conversation stood open: it was created before a moment, and is not closed
 * now, or was last closed at the moment or later.
 */
export const openDuring = (facts: SegmentFacts, { at }: Moments) => {
  const created = facts.times('created_at');
  const closedAt = facts.times('closed_at');
  const closed = facts.having(filterTerm('state', 'closed'));
  return (ordinal: number): readonly [from: number, until: number] => {
    const from = firstAbove(at, created[ordinal] ?? 0);
    const end = closedAt[ordinal] ?? 0;
    if (!hasBit(closed, ordinal)) return [from, at.length];
    // Closed, and nobody knows when: as if at once.
    return [from, hasTime(end) ? firstAbove(at, end) : from];
  };
};

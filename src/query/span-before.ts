import { AppError } from '../errors/app-error.ts';
import { addDays, startOfZonedDay, type ZonedDay, zonedDayOf } from '../lib/time-zone.ts';
import type { TimeBounds } from './time-bounds.ts';

const DAY_MS = 86_400_000;
const dayNumber = ({ day, month, year }: ZonedDay): number => Date.UTC(year, month - 1, day) / DAY_MS;

/**
 * The same number of days before a time frame; of one that is not over, as many as it has had, today counted. A frame that
 * does not begin and end with a day is moved by its length.
 * @throws AppError ARGUMENT_INVALID where the frame has no beginning
 */
export const spanBefore = (
  bounds: TimeBounds | undefined,
  nowMs: number,
  zone: string,
): { readonly start: number; readonly end: number } => {
  const start = bounds?.start;
  if (start === undefined)
    throw new AppError('ARGUMENT_INVALID', 'compare needs a time frame with a beginning.', {
      remedy: 'Add timeframe, such as "last 7 days", or start_date.',
    });
  const tomorrow = startOfZonedDay(addDays(zonedDayOf(nowMs, zone), 1), zone) / 1000;
  const end = Math.min(bounds?.end ?? tomorrow, Math.max(tomorrow, start));
  const [first, last] = [zonedDayOf(start * 1000, zone), zonedDayOf(end * 1000, zone)];
  const isWhole = [first, last].every(
    (day, place) => startOfZonedDay(day, zone) / 1000 === (place === 0 ? start : end),
  );
  if (!isWhole) return { start: start - (end - start), end: start };
  const days = dayNumber(last) - dayNumber(first);
  return { start: startOfZonedDay(addDays(first, -days), zone) / 1000, end: start };
};

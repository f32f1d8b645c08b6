import { AppError } from '../errors/app-error.ts';
import { resolveTimeFrame } from '../lib/time-frame.ts';
import { addDays, startOfZonedDay, type ZonedDay, zonedDayOf } from '../lib/time-zone.ts';
import { type TimeBounds, timeBounds } from './time-bounds.ts';
import type { FindTrendsInput } from './trend-types.ts';

/** Half-open span in Unix seconds. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export interface TrendSpans {
  readonly window: Span;
  readonly baseline: Span;
}

const DAY = 86_400;
const DEFAULT_WINDOW = 'last 7 days';
/**
 * The default baseline is so many times as long as the window, and has at least so many days: a few are too few to know what
 * is usual, and all of them may be unlike those of the window.
 */
const SPANS = 4;
const LEAST_BASELINE_DAYS = 28;
/** Days are looked at one by one. */
const MOST_WINDOW_DAYS = 366;
const MOST_BASELINE_DAYS = 5 * 366;

const refuse = (message: string, remedy?: string): AppError =>
  new AppError('ARGUMENT_INVALID', message, remedy === undefined ? {} : { remedy });

const startOf = (day: ZonedDay, zone: string): number => startOfZonedDay(day, zone) / 1000;
const dayAt = (seconds: number, zone: string): ZonedDay => zonedDayOf(seconds * 1000, zone);
const dayNumber = ({ day, month, year }: ZonedDay): number => Date.UTC(year, month - 1, day) / 1000 / DAY;

/** A window that is not over ends with today. */
const windowOf = (bounds: TimeBounds | undefined, nowMs: number, zone: string): Span => {
  const start = bounds?.start;
  if (start === undefined) throw refuse('The time frame needs a beginning.', 'Add timeframe or start_date.');
  const tomorrow = startOf(addDays(zonedDayOf(nowMs, zone), 1), zone);
  const end = Math.min(bounds?.end ?? tomorrow, Math.max(tomorrow, start + 1));
  if (end <= start) throw refuse('The time frame ends before it begins.');
  if (end - start > MOST_WINDOW_DAYS * DAY)
    throw refuse(`The time frame may have at most ${MOST_WINDOW_DAYS} days.`);
  return { start, end };
};

/** Days of a window that begins and ends with a day of the zone; undefined for another one. */
const wholeDaysOf = ({ end, start }: Span, zone: string): number | undefined => {
  const [first, last] = [dayAt(start, zone), dayAt(end, zone)];
  const isWhole = startOf(first, zone) === start && startOf(last, zone) === end;
  return isWhole ? dayNumber(last) - dayNumber(first) : undefined;
};

/** So many times the window's length before it, and at least so many days; whole days where the window has whole days. */
const spansBefore = (window: Span, times: number, zone: string, leastDays = 0): Span => {
  const { end, start } = window;
  const days = wholeDaysOf(window, zone);
  if (days === undefined)
    return { start: start - Math.max(times * (end - start), leastDays * DAY), end: start };
  return {
    start: startOf(addDays(dayAt(start, zone), -Math.max(times * days, leastDays)), zone),
    end: start,
  };
};

const AMOUNT =
  /^(?:the )?(?:last |past |previous )?(\d{1,4}) (day|week|month|time|span|period)s?(?: before)?$/;

const before = (window: Span, text: string, zone: string): Span | undefined => {
  if (/^(?:the )?(?:previous|before|last)(?: (?:period|span|time))?$/.test(text))
    return spansBefore(window, 1, zone);
  const [, amount, unit] = AMOUNT.exec(text) ?? [];
  if (amount === undefined || Number(amount) < 1) return undefined;
  if (unit !== 'day' && unit !== 'week' && unit !== 'month') return spansBefore(window, Number(amount), zone);
  const first = dayAt(window.start, zone);
  const from =
    unit === 'month'
      ? { ...first, month: first.month - Number(amount) }
      : addDays(first, -Number(amount) * (unit === 'week' ? 7 : 1));
  return { start: startOf(from, zone), end: window.start };
};

const baselineOf = (window: Span, text: string | undefined, nowMs: number, zone: string): Span => {
  const words = text?.trim().toLowerCase().replaceAll(/\s+/g, ' ') ?? '';
  if (words === '') return spansBefore(window, SPANS, zone, LEAST_BASELINE_DAYS);
  const found = before(window, words, zone) ?? resolveTimeFrame(words, nowMs, zone);
  if (found === undefined)
    throw new AppError('TIMEFRAME_UNKNOWN', `"${words.slice(0, 60)}" is not a known baseline.`, {
      remedy: 'Use "previous", "28 days", "8 weeks", "3 months", or a time frame such as 2026-08.',
    });
  const end = Math.min(found.end, window.start);
  if (found.start >= end) throw refuse('The baseline must begin before the time frame.');
  if (end - found.start > MOST_BASELINE_DAYS * DAY)
    throw refuse(`The baseline may have at most ${MOST_BASELINE_DAYS} days.`);
  return { start: found.start, end };
};

/**
 * What is compared with what.
 * @throws AppError TIMEFRAME_UNKNOWN, ARGUMENT_INVALID
 */
export const trendSpans = (input: FindTrendsInput, zone: string, nowMs: number): TrendSpans => {
  const given = timeBounds(input, zone, nowMs) ?? timeBounds({ timeframe: DEFAULT_WINDOW }, zone, nowMs);
  const window = windowOf(given, nowMs, zone);
  return { window, baseline: baselineOf(window, input.baseline, nowMs, zone) };
};

import { zoneOffset } from './time-zone.ts';

const HOUR = 3_600;
const DAY = 86_400;
/** Clocks are looked at so often; a change between two looks is then found to the second. */
const STEP = 28 * DAY;
/** The Monday before 1970-01-01, in days. */
const FIRST_MONDAY = -3;

/** Calendar units that times are counted by. Hours and weekdays are those of the day and the week. */
export type CalendarUnit = 'hour' | 'weekday' | 'day' | 'week' | 'month';

/**
 * Tells the wall clock of a zone for many times of one span, without asking the platform for each: the offsets of the span
 * are looked up once. Times are Unix seconds.
 */
export class ZoneClock {
  readonly #starts: number[] = [];
  readonly #offsets: number[] = [];
  #at = 0;

  constructor(timeZone: string, start: number, end: number) {
    const offsetAt = (seconds: number): number => zoneOffset(seconds * 1000, timeZone);
    let at = start;
    let offset = offsetAt(at);
    this.#put(Number.NEGATIVE_INFINITY, offset);
    while (at < end) {
      const next = Math.min(at + STEP, end);
      const then = offsetAt(next);
      if (then !== offset) {
        let [low, high] = [at, next];
        while (high - low > 1) {
          const middle = Math.floor((low + high) / 2);
          if (offsetAt(middle) === offset) low = middle;
          else high = middle;
        }
        this.#put(high, offsetAt(high));
        offset = offsetAt(high);
        at = high;
      } else at = next;
    }
  }

  #put(start: number, offset: number): void {
    this.#starts.push(start);
    this.#offsets.push(offset);
  }

  /** The span of one offset that a time lies in. */
  #spanOf(seconds: number): number {
    let at = this.#at;
    if (seconds < (this.#starts[at] ?? 0)) at = 0;
    while (seconds >= (this.#starts[at + 1] ?? Number.POSITIVE_INFINITY)) at += 1;
    this.#at = at;
    return at;
  }

  /** Seconds that the clocks of the zone show, counted as if they were UTC. */
  local(seconds: number): number {
    return seconds + (this.#offsets[this.#spanOf(seconds)] ?? 0);
  }

  /**
   * The number of the unit as in {@link unit}, and a span around the time in which all times have the same: for lists of
   * times that follow each other.
   */
  unitSpan(seconds: number, unit: CalendarUnit): { value: number; from: number; until: number } {
    const at = this.#spanOf(seconds);
    const offset = this.#offsets[at] ?? 0;
    const size = unit === 'hour' ? HOUR : DAY;
    const from = Math.floor((seconds + offset) / size) * size - offset;
    return {
      value: this.unit(seconds, unit),
      from: Math.max(from, this.#starts[at] ?? 0),
      until: Math.min(from + size, this.#starts[at + 1] ?? Number.POSITIVE_INFINITY),
    };
  }

  /**
   * The number of the unit that a time falls into: hours 0 to 23; weekdays 0 (Monday) to 6; days since 1970-01-01; weeks as
   * the number of their Monday; months since year 0.
   */
  unit(seconds: number, unit: CalendarUnit): number {
    const local = this.local(seconds);
    const day = Math.floor(local / DAY);
    switch (unit) {
      case 'hour':
        return Math.floor((local - day * DAY) / HOUR);
      case 'weekday':
        return mod(day - FIRST_MONDAY, 7);
      case 'day':
        return day;
      case 'week':
        return day - mod(day - FIRST_MONDAY, 7);
      default: {
        const date = new Date(day * DAY * 1000);
        return date.getUTCFullYear() * 12 + date.getUTCMonth();
      }
    }
  }
}

/** Clocks of spans that were asked for before. */
const clocks = new Map<string, ZoneClock>();
const KEPT_CLOCKS = 32;
const YEAR = 366 * DAY;

/** A clock for a span, kept for the next question: spans are made of whole years. */
export const zoneClock = (timeZone: string, start: number, end: number): ZoneClock => {
  const [low, high] = [Math.floor(start / YEAR) * YEAR, Math.ceil((end + 1) / YEAR) * YEAR];
  const key = `${timeZone} ${low} ${high}`;
  const known = clocks.get(key);
  if (known !== undefined) return known;
  if (clocks.size >= KEPT_CLOCKS) clocks.clear();
  const made = new ZoneClock(timeZone, low, high);
  clocks.set(key, made);
  return made;
};

const mod = (value: number, by: number): number => ((value % by) + by) % by;

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const two = (value: number): string => String(value).padStart(2, '0');

/** A unit's number in words: 09:00, Monday, 2026-09-14, 2026-09-14 (a week's Monday), 2026-09. */
export const unitName = (value: number, unit: CalendarUnit): string => {
  if (unit === 'hour') return `${two(value)}:00`;
  if (unit === 'weekday') return WEEKDAYS[value] ?? '';
  if (unit === 'month') return `${Math.floor(value / 12)}-${two((value % 12) + 1)}`;
  return new Date(value * DAY * 1000).toISOString().slice(0, 10);
};

/** The unit that follows. */
export const nextUnit = (value: number, unit: CalendarUnit): number => value + (unit === 'week' ? 7 : 1);

/** Where a day, week or month begins, as a calendar day of UTC numbers: [year, month, day]. */
export const unitStart = (
  value: number,
  unit: 'day' | 'week' | 'month',
): readonly [number, number, number] => {
  if (unit === 'month') return [Math.floor(value / 12), (value % 12) + 1, 1];
  const date = new Date(value * DAY * 1000);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
};

import { addDays, mondayOf, startOfZonedDay, type ZonedDay, zonedDayOf, zonedInstant } from './time-zone.ts';

/** A half-open span in Unix seconds. */
export interface TimeFrame {
  readonly start: number;
  readonly end: number;
}

/** The forms that {@link resolveTimeFrame} knows, for messages. */
export const TIME_FRAME_FORMS: readonly string[] = [
  'today',
  'yesterday',
  'last 7 days',
  'last 24 hours',
  'last 4 weeks',
  'last 3 months',
  'this week',
  'last week',
  'this month',
  'last month',
  'this quarter',
  'last quarter',
  'this year',
  'last year',
  '2026',
  '2026-Q3',
  '2026-09',
  '2026-09-14',
  '2026-09-01..2026-09-15',
];

const MAX_AMOUNT = 10_000;

const span = (from: ZonedDay, until: ZonedDay, zone: string): TimeFrame => ({
  start: startOfZonedDay(from, zone) / 1000,
  end: startOfZonedDay(until, zone) / 1000,
});

const monthSpan = (year: number, month: number, months: number, zone: string): TimeFrame =>
  span({ year, month, day: 1 }, { year, month: month + months, day: 1 }, zone);

/** A day that the calendar has. */
const dayOf = (year: number, month: number, day: number): ZonedDay | undefined => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? { year, month, day } : undefined;
};

const parseDay = (text: string): ZonedDay | undefined => {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  return found ? dayOf(Number(found[1]), Number(found[2]), Number(found[3])) : undefined;
};

/** "last 7 days" is today and the six before: whole days in the zone (CONTRACT "Time"). Hours are exact. */
const lastAmount = (amount: number, unit: string, nowMs: number, zone: string): TimeFrame | undefined => {
  if (amount < 1 || amount > MAX_AMOUNT) return undefined;
  const now = Math.ceil(nowMs / 1000);
  if (unit === 'minute') return { start: now - amount * 60, end: now };
  if (unit === 'hour') return { start: now - amount * 3600, end: now };
  const today = zonedDayOf(nowMs, zone);
  const tomorrow = addDays(today, 1);
  if (unit === 'day') return span(addDays(today, 1 - amount), tomorrow, zone);
  if (unit === 'week') return span(addDays(today, 1 - 7 * amount), tomorrow, zone);
  const months = unit === 'month' ? amount : unit === 'quarter' ? 3 * amount : 12 * amount;
  const lastDay = new Date(Date.UTC(today.year, today.month - months, 0)).getUTCDate();
  const from = { year: today.year, month: today.month - months, day: Math.min(today.day, lastDay) };
  return span(addDays(from, 1), tomorrow, zone);
};

const named = (words: string, nowMs: number, zone: string): TimeFrame | undefined => {
  const today = zonedDayOf(nowMs, zone);
  const { year, month } = today;
  const quarter = month - ((month - 1) % 3);
  const monday = mondayOf(today);
  switch (words) {
    case 'today':
      return span(today, addDays(today, 1), zone);
    case 'yesterday':
      return span(addDays(today, -1), today, zone);
    case 'this week':
      return span(monday, addDays(monday, 7), zone);
    case 'last week':
      return span(addDays(monday, -7), monday, zone);
    case 'this month':
      return monthSpan(year, month, 1, zone);
    case 'last month':
      return monthSpan(year, month - 1, 1, zone);
    case 'this quarter':
      return monthSpan(year, quarter, 3, zone);
    case 'last quarter':
      return monthSpan(year, quarter - 3, 3, zone);
    case 'this year':
      return monthSpan(year, 1, 12, zone);
    case 'last year':
      return monthSpan(year - 1, 1, 12, zone);
    default:
      return undefined;
  }
};

const calendar = (words: string, zone: string): TimeFrame | undefined => {
  const range = /^(\d{4}-\d{1,2}-\d{1,2})\s*(?:\.\.|to|until)\s*(\d{4}-\d{1,2}-\d{1,2})$/.exec(words);
  if (range) {
    const from = parseDay(range[1] ?? '');
    const until = parseDay(range[2] ?? '');
    if (!from || !until) return undefined;
    const found = span(from, addDays(until, 1), zone);
    return found.start < found.end ? found : undefined;
  }
  const day = parseDay(words);
  if (day) return span(day, addDays(day, 1), zone);
  const [, year, quarter, month] = /^(\d{4})(?:-?q([1-4])|-(\d{1,2}))?$/.exec(words) ?? [];
  if (year === undefined) return undefined;
  if (quarter !== undefined) return monthSpan(Number(year), Number(quarter) * 3 - 2, 3, zone);
  if (month === undefined) return monthSpan(Number(year), 1, 12, zone);
  return Number(month) >= 1 && Number(month) <= 12
    ? monthSpan(Number(year), Number(month), 1, zone)
    : undefined;
};

/** Words → span; undefined for words that are not known. Case and spaces do not matter. */
export const resolveTimeFrame = (text: string, nowMs: number, zone: string): TimeFrame | undefined => {
  const words = text
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/^previous /, 'last ');
  const amount = /^(?:the )?(?:last|past) (\d{1,5}) (minute|hour|day|week|month|quarter|year)s?$/.exec(words);
  if (amount) return lastAmount(Number(amount[1]), amount[2] ?? 'day', nowMs, zone);
  return named(words, nowMs, zone) ?? calendar(words, zone);
};

/**
 * A date or time → Unix seconds; a day without a time means its start, or as an upper bound the start of the next day
 * (ends are exclusive). Undefined when it is neither.
 */
export const resolveDate = (text: string, zone: string, bound: 'start' | 'end'): number | undefined => {
  const words = text.trim();
  const day = parseDay(words);
  if (day) return startOfZonedDay(bound === 'end' ? addDays(day, 1) : day, zone) / 1000;
  if (/^\d{9,11}$/.test(words)) return Number(words);
  const time = /^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(words);
  if (!time || !parseDay(time[1] ?? '')) return undefined;
  const iso = words.replace(' ', 'T');
  const ms = time[4] === undefined ? zonedInstant(Date.parse(`${iso}Z`), zone) : Date.parse(iso);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
};

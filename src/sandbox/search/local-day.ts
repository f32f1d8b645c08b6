/** The calendar day that an instant falls on, in a time zone. Unix seconds; `end` belongs to the next day. */
export interface LocalDay {
  readonly start: number;
  readonly end: number;
}

/** No zone is farther from UTC. */
const FARTHEST = 15 * 3_600;
const DAY = 86_400;
const formats = new Map<string, Intl.DateTimeFormat>();

/** yyyy-mm-dd: sorts as it reads. */
const dateOf = (seconds: number, timeZone: string): string => {
  const known =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, known);
  return known.format(seconds * 1000);
};

/** First second of a date in a zone: found by halving, so that no change of clocks can mislead it. */
const startOf = (date: string, timeZone: string): number => {
  const noon = Math.floor(Date.parse(`${date}T00:00:00Z`) / 1000);
  let low = noon - FARTHEST;
  let high = noon + FARTHEST;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (dateOf(middle, timeZone) < date) low = middle + 1;
    else high = middle;
  }
  return low;
};

const nextDate = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + DAY * 1000).toISOString().slice(0, 10);

export const localDay = (seconds: number, timeZone: string): LocalDay => {
  const date = dateOf(seconds, timeZone);
  return { start: startOf(date, timeZone), end: startOf(nextDate(date), timeZone) };
};

/** Calendar arithmetic in a named zone, by the platform's own time zone data. */
const formatters = new Map<string, Intl.DateTimeFormat>();

const formatterOf = (timeZone: string): Intl.DateTimeFormat => {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
};

/** True for a name that the platform knows. */
export const isTimeZone = (name: string): boolean => {
  try {
    formatterOf(name);
    return true;
  } catch {
    return false;
  }
};

export interface ZonedDay {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

const wallTime = (ms: number, timeZone: string): number => {
  const parts: Record<string, number> = {};
  let beforeChrist = false;
  for (const { type, value } of formatterOf(timeZone).formatToParts(ms)) {
    if (type === 'era') beforeChrist = value.startsWith('B');
    else if (type !== 'literal') parts[type] = Number(value);
  }
  const year = beforeChrist ? 1 - (parts.year ?? 1) : (parts.year ?? 1970);
  const date = new Date(0);
  date.setUTCFullYear(year, (parts.month ?? 1) - 1, parts.day ?? 1);
  date.setUTCHours(parts.hour ?? 0, parts.minute ?? 0, parts.second ?? 0);
  return date.getTime();
};

/** Seconds that the clocks of the zone are ahead of UTC at an instant (Unix ms). */
export const zoneOffset = (ms: number, timeZone: string): number =>
  wallTime(ms, timeZone) / 1000 - Math.floor(ms / 1000);

/** The calendar day that an instant (Unix ms) falls on. */
export const zonedDayOf = (ms: number, timeZone: string): ZonedDay => {
  const wall = new Date(wallTime(ms, timeZone));
  return { year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() };
};

/** First instant (Unix ms) of a calendar day; months and days beyond their range carry over, as in `Date.UTC`. */
export const startOfZonedDay = ({ year, month, day }: ZonedDay, timeZone: string): number =>
  zonedInstant(Date.UTC(year, month - 1, day), timeZone);

/**
 * The instant (Unix ms) at which clocks in the zone show a wall time, given as if it were UTC. Where they never show it
 * (a clock put forward), the first instant after; where twice, the first.
 */
export const zonedInstant = (wall: number, timeZone: string): number => {
  const dayMs = 86_400_000;
  const offsets = [wall - dayMs, wall, wall + dayMs].map(
    (ms) => wallTime(ms, timeZone) - Math.floor(ms / 1000) * 1000,
  );
  const candidates = [...new Set(offsets)].map((offset) => wall - offset).sort((a, b) => a - b);
  const exact = candidates.find((ms) => wallTime(ms, timeZone) === wall);
  if (exact !== undefined) return exact;
  // A gap: go to the end of it, which is where the wall time first passes the wanted one.
  let low = (candidates[0] ?? wall) - dayMs;
  let high = (candidates.at(-1) ?? wall) + dayMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (wallTime(middle, timeZone) < wall) low = middle;
    else high = middle;
  }
  return high;
};

/** The day `days` later (or earlier). */
export const addDays = (date: ZonedDay, days: number): ZonedDay => {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
};

/** The Monday of the day's week. */
export const mondayOf = (date: ZonedDay): ZonedDay => {
  const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
  return addDays(date, -((weekday + 6) % 7));
};

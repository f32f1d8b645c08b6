import { chance, randomOf } from './random.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const HOURS = 2 * 365 * 24;
const STREAM = 21;
/** This share comes in the same second as the one before. */
const TIES = 0.01;

/** A stretch of time with more to do than usual. Unix seconds. */
export interface Surge {
  readonly start: number;
  readonly end: number;
  readonly factor: number;
}

/** A working day that begins at `from` (UTC hour): up to its middle and down again, 0 outside. */
const workingHours = (hour: number, from: number): number => {
  const since = (hour - from + 24) % 24;
  return since < 10 ? 0.5 + Math.sin((since / 10) * Math.PI) : 0;
};

/** January to December: a quiet August, a busy November. */
const MONTHS = [0.95, 0.95, 1, 1, 1, 0.9, 0.85, 0.8, 1, 1.1, 1.35, 1.2];

/** How busy an hour is: European and American working days, few at week-ends, seasons, steady growth. */
const weightOf = (time: number, share: number): number => {
  const date = new Date(time * 1000);
  const hour = date.getUTCHours();
  const day = date.getUTCDay();
  const working = 0.15 + 0.6 * workingHours(hour, 7) + workingHours(hour, 15);
  const weekend = day === 0 || day === 6 ? 0.3 : 1;
  return working * weekend * (MONTHS[date.getUTCMonth()] ?? 1) * (0.6 + 0.8 * share);
};

const surgeAt = (time: number, surge: Surge | undefined): number =>
  surge !== undefined && time >= surge.start && time < surge.end ? surge.factor : 1;

/**
 * Start times of `count` conversations over the two years up to `endTime`, never descending (Unix seconds). Each has its
 * place in the sum of all busyness, moved a little by the seed; some stand in the same second, as in life.
 */
export const timelineOf = (options: {
  readonly count: number;
  readonly endTime: number;
  readonly seed: number;
  readonly surge?: Surge;
}): Int32Array => {
  const { count, endTime, seed, surge } = options;
  const start = endTime - HOURS * HOUR;
  const sums = new Float64Array(HOURS + 1);
  for (let hour = 0; hour < HOURS; hour += 1) {
    const time = start + hour * HOUR;
    sums[hour + 1] = (sums[hour] ?? 0) + weightOf(time, hour / HOURS) * surgeAt(time, surge);
  }
  const total = sums[HOURS] ?? 1;
  const times = new Int32Array(count);
  let hour = 0;
  for (let index = 0; index < count; index += 1) {
    const random = randomOf(seed, STREAM, index);
    const wanted = ((index + random()) / count) * total;
    while (hour < HOURS - 1 && (sums[hour + 1] ?? total) < wanted) hour += 1;
    const low = sums[hour] ?? 0;
    const inside = (wanted - low) / ((sums[hour + 1] ?? total) - low);
    const time = start + hour * HOUR + Math.min(HOUR - 1, Math.floor(inside * HOUR));
    times[index] = index > 0 && chance(random, TIES) ? (times[index - 1] ?? time) : time;
  }
  return times;
};

/** `count` times spread evenly over the `days` days before the two years, never descending: customers from before. */
export const earlierTimes = (count: number, endTime: number, days: number): Int32Array => {
  const start = endTime - HOURS * HOUR - days * DAY;
  return Int32Array.from({ length: count }, (_, index) =>
    Math.floor(start + ((index + 0.5) / count) * days * DAY),
  );
};

const HOUR = 3_600;
const HOURS = 2 * 365 * 24;

/** How busy an hour is: working hours, few at week-ends, a quiet August, a busy November, steady growth. */
const weightOf = (time: number, share: number): number => {
  const date = new Date(time * 1000);
  const hour = date.getUTCHours();
  const day = date.getUTCDay();
  const working = hour >= 7 && hour < 19 ? 1 + Math.sin(((hour - 7) / 12) * Math.PI) : 0.15;
  const weekend = day === 0 || day === 6 ? 0.3 : 1;
  const season = [0.95, 0.95, 1, 1, 1, 0.9, 0.85, 0.8, 1, 1.1, 1.35, 1.2][date.getUTCMonth()] ?? 1;
  return working * weekend * season * (0.6 + 0.8 * share);
};

/** Start times of `count` conversations over the two years up to `endTime`, never descending (Unix seconds). */
export const timelineOf = (count: number, endTime: number): Int32Array => {
  const start = endTime - HOURS * HOUR;
  const sums = new Float64Array(HOURS + 1);
  for (let hour = 0; hour < HOURS; hour += 1) {
    sums[hour + 1] = (sums[hour] ?? 0) + weightOf(start + hour * HOUR, hour / HOURS);
  }
  const total = sums[HOURS] ?? 1;
  const times = new Int32Array(count);
  let hour = 0;
  for (let index = 0; index < count; index += 1) {
    const wanted = ((index + 0.5) / count) * total;
    while ((sums[hour + 1] ?? total) < wanted) hour += 1;
    const low = sums[hour] ?? 0;
    const inside = (wanted - low) / ((sums[hour + 1] ?? total) - low);
    times[index] = start + hour * HOUR + Math.floor(inside * HOUR);
  }
  return times;
};

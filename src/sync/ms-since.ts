/** The database counts its time in milliseconds, and not always to the last of them. */
const CLOCK_GRAIN_MS = 2;

/** At most the time since a moment of `performance.now()`: by any clock, nothing that ended before it is counted in. */
export const msSince = (moment: number): number =>
  Math.max(0, Math.floor(performance.now() - moment) - CLOCK_GRAIN_MS);

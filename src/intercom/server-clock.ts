/** The server's clock as seen from here. All times in ms; `monoMs` is `performance.now()`. */
export interface ServerClock {
  /** Takes in one `Date` header: the request left at `sentMonoMs`, the headers came at `receivedMonoMs`. */
  observe(dateMs: number, sentMonoMs: number, receivedMonoMs: number): void;
  /**
   * Server time in ms since 1970, never ahead of the true one; the local clock before the first answer. Runs on the
   * monotonic clock, so that setting the local clock moves no wait.
   */
  earliestMs(): number;
  /** As {@link earliestMs}, but goes on while the machine sleeps: for time stamps, not for waits. */
  nowMs(): number;
}

/** A `Date` header is cut to whole seconds: the server's clock stood at it or up to this much later. */
const DATE_RESOLUTION_MS = 1_000;
/** Two clocks drift apart; bounds are loosened by this much per ms so that old answers cannot pin them for ever. */
const DRIFT = 1e-4;

/**
 * Follows the server's clock through `Date` headers (TRAPS T56: waits and watermarks never use the local clock alone).
 * Each header bounds the difference of the clocks from both sides; the bounds of many answers together are far narrower
 * than the second that one header gives. Answers that contradict the bounds (a clock was set, the machine slept) replace
 * them.
 */
export const createServerClock = (): ServerClock => {
  let lower = Number.NEGATIVE_INFINITY;
  let upper = Number.POSITIVE_INFINITY;
  let observedMonoMs = 0;
  let wallOffsetMs = 0;
  return {
    observe(dateMs, sentMonoMs, receivedMonoMs) {
      const low = dateMs - receivedMonoMs;
      const high = dateMs + DATE_RESOLUTION_MS - sentMonoMs;
      const slack = Math.max(0, receivedMonoMs - observedMonoMs) * DRIFT;
      lower = Math.max(low, lower - slack);
      upper = Math.min(high, upper + slack);
      if (lower > upper) {
        lower = low;
        upper = high;
      }
      observedMonoMs = Math.max(observedMonoMs, receivedMonoMs);
      wallOffsetMs = lower + performance.now() - Date.now();
    },
    earliestMs: () => (Number.isFinite(lower) ? performance.now() + lower : Date.now()),
    nowMs: () => Date.now() + wallOffsetMs,
  };
};

import type { SyncTuning } from './run-context.ts';

/** Answers that say that an object is gone; only a second one, later, proves it. */
const GONE = new Set(['INTERCOM_NOT_FOUND', 'INTERCOM_GONE']);

/**
 * Pause before an object is tried again that failed for the `attempts`-th time, ms: short first, then long ones that
 * grow, so that one bad object costs next to nothing.
 */
export const retryDelay = (tuning: SyncTuning, attempts: number, code: string): number => {
  if (attempts < tuning.maxAttempts) {
    const delay = tuning.retryDelayMs * 2 ** (attempts - 1);
    return GONE.has(code) ? Math.max(delay, tuning.confirmAfterMs) : delay;
  }
  return Math.min(tuning.maxParkDelayMs, tuning.parkDelayMs * 2 ** (attempts - tuning.maxAttempts));
};

/** Longest pause before an object that is not parked is tried again, ms: so long a run waits for it. */
export const longestRetryDelay = (tuning: SyncTuning): number =>
  Math.max(tuning.retryDelayMs * 2 ** tuning.maxAttempts, tuning.confirmAfterMs);

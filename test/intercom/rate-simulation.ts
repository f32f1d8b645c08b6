import { vi } from 'vitest';
import type { RateReading } from '../../src/intercom/rate-headers.ts';
import { createRateLimiter, type RateLimiter } from '../../src/intercom/rate-limiter.ts';
import { createServerClock } from '../../src/intercom/server-clock.ts';
import { sleep } from '../../src/intercom/retry.ts';

export const WINDOW_MS = 10_000;

export interface Scenario {
  /** Calls per window that the server allows. */
  readonly limit: number;
  readonly share: number;
  /** Server clock minus local clock. */
  readonly skewMs: number;
  /** Each way; drawn evenly from 0 to this. */
  readonly latencyMs: number;
  readonly workers: number;
  readonly maxInFlight: number;
  /** Virtual time that the run lasts. */
  readonly runMs: number;
  readonly seed: number;
  /** Calls of other apps at the beginning of each window. */
  readonly others?: number;
  /** Shift of the windows against the ten-second grid of the server's clock, whole seconds. */
  readonly offsetMs?: number;
}

export interface Outcome {
  /** Own accepted calls, by window of the server, in order; the first and the last window may be partial. */
  readonly perWindow: number[];
  readonly refused: number;
  readonly maxInFlight: number;
  readonly limiter: RateLimiter;
}

/** Small deterministic generator (a linear congruence), [0, 1). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** A server with fixed windows that counts calls as they arrive (API-FACTS 2.2), on the clock of fake timers. */
const createBucket = ({ limit, skewMs, others = 0, offsetMs = 0 }: Scenario) => {
  const own = new Map<number, number>();
  let refused = 0;
  return {
    own,
    refused: () => refused,
    arrive(): { reading: RateReading; ok: boolean; dateMs: number } {
      const now = Date.now() + skewMs;
      const window = Math.floor((now - offsetMs) / WINDOW_MS);
      const used = (own.get(window) ?? 0) + others;
      const ok = used < limit;
      if (ok) own.set(window, used - others + 1);
      else refused += 1;
      const remaining = Math.max(0, limit - used - 1);
      const resetAtMs = (window + 1) * WINDOW_MS + offsetMs;
      return { reading: { limit, remaining, resetAtMs }, ok, dateMs: Math.floor(now / 1_000) * 1_000 };
    },
  };
};

/** Runs workers that call without end through one limiter, in virtual time. Fake timers must be on. */
export const simulate = async (scenario: Scenario): Promise<Outcome> => {
  const { share, latencyMs, workers, maxInFlight, runMs, seed } = scenario;
  const random = randomFrom(seed);
  const clock = createServerClock();
  const limiter = createRateLimiter({ clock, share, maxInFlight, windowMs: WINDOW_MS, guardMs: 75 });
  const bucket = createBucket(scenario);
  const stop = new AbortController();
  const { signal } = stop;
  let [inFlight, most] = [0, 0];
  const work = async (): Promise<void> => {
    for (;;) {
      const permit = await limiter.acquire({ priority: 'normal', ticket: limiter.ticket(), signal });
      inFlight += 1;
      most = Math.max(most, inFlight);
      const sent = performance.now();
      await sleep(random() * latencyMs, signal);
      const { reading, ok, dateMs } = bucket.arrive();
      await sleep(random() * latencyMs, signal);
      clock.observe(dateMs, sent, performance.now());
      permit.settle({ ok, reading, ...(ok ? {} : { pauseMs: reading.resetAtMs - clock.earliestMs() }) });
      inFlight -= 1;
      permit.release();
    }
  };
  const running = Promise.allSettled(Array.from({ length: workers }, work));
  await vi.advanceTimersByTimeAsync(runMs);
  stop.abort('done');
  await running;
  const windows = [...bucket.own.keys()].sort((a, b) => a - b);
  const perWindow = windows.map((window) => bucket.own.get(window) ?? 0);
  return { perWindow, refused: bucket.refused(), maxInFlight: most, limiter };
};

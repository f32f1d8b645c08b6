import { createPauseGate } from './pause-gate.ts';
import type { RateReading } from './rate-headers.ts';
import { createRateWindow, type RateWindow } from './rate-window.ts';
import type { ServerClock } from './server-clock.ts';
import { createWaitQueue, type Priority } from './wait-queue.ts';

export interface RateLimiterOptions {
  readonly clock: ServerClock;
  readonly share: number;
  readonly maxInFlight: number;
  /** Length of the server's windows; 10 s at Intercom (API-FACTS 2.2). */
  readonly windowMs: number;
  readonly guardMs: number;
}

interface AcquireOptions {
  readonly priority: Priority;
  /** Place in the queue among equals, from {@link RateLimiter.ticket}; a request that is tried again keeps its place. */
  readonly ticket: number;
  readonly signal: AbortSignal;
}

/** What an answer said that matters to the limiter. */
interface Answer {
  readonly reading?: RateReading | undefined;
  /** True for a good answer: if it carries no rate headers, there is no limit to learn. */
  readonly ok: boolean;
  /** For a 429: how long everybody keeps still. */
  readonly pauseMs?: number;
}

/** Leave for one request. Call `settle` at most once, when its answer is known; call `release` always. */
export interface Permit {
  settle(answer: Answer): void;
  release(): void;
}

export interface RateLimiter {
  /** The next place in the queue. */
  ticket(): number;
  /** Resolves when a request may leave; rejects with the signal's reason. */
  acquire(options: AcquireOptions): Promise<Permit>;
  /** The learnt limit per window, what is left of it, and its end (server clock, ms); absent before the first header. */
  rate(): { limit?: number; remaining?: number; resetAtMs?: number };
}

/** Skew that whole-second `Date` headers leave; a window that does not end by then has senseless headers. */
const CLOCK_UNCERTAINTY_MS = 1_000;

/** A function that says how long the window keeps a request (ms, 0 for not at all), and opens windows as time goes on. */
const windowKeeper = (
  window: RateWindow,
  { clock, windowMs, guardMs }: RateLimiterOptions,
): ((priority: Priority) => number) => {
  let blockedSinceMonoMs: number | undefined;
  return (priority) => {
    const serverMs = clock.earliestMs();
    window.advanceTo(serverMs);
    const untilMs =
      window.blockedUntilMs() ?? (priority === 'normal' ? window.keptUntilMs(serverMs) : undefined);
    if (untilMs === undefined) {
      blockedSinceMonoMs = undefined;
      return 0;
    }
    const now = performance.now();
    blockedSinceMonoMs ??= now;
    const longestMs = blockedSinceMonoMs + windowMs + guardMs + CLOCK_UNCERTAINTY_MS - now;
    if (longestMs > 0) return Math.min(longestMs, untilMs - clock.earliestMs());
    window.forceNext();
    blockedSinceMonoMs = undefined;
    return 0;
  };
};

/**
 * One limiter for all requests of a token. It learns the limit from the headers: one request at a time until the first
 * answer, then up to `maxInFlight` at once and up to the share of the limit per window of the server's clock. After a 429
 * all keep still, then a single probe goes until one is not refused (API-FACTS 2, TRAPS T54, T56).
 */
export const createRateLimiter = (options: RateLimiterOptions): RateLimiter => {
  const window = createRateWindow(options);
  const windowWaitMs = windowKeeper(window, options);
  const gate = createPauseGate();
  const queue = createWaitQueue<Permit>();
  let [tickets, active] = [0, 0];
  let learning = true;
  let timer: NodeJS.Timeout | undefined;

  const issue = (): Permit => {
    const charged = window.charge();
    const pass = gate.enter();
    let [settled, released] = [false, false];
    active += 1;
    const settle = (answer?: Answer): void => {
      if (settled) return;
      settled = true;
      window.settle(charged, answer?.reading);
      if (answer?.reading || answer?.ok) learning = false;
      if (answer?.pauseMs !== undefined) gate.refused(answer.pauseMs);
      else if (answer) gate.answered(pass);
      pump();
    };
    const release = (): void => {
      if (released) return;
      released = true;
      active -= 1;
      gate.leave(pass);
      settle();
      pump();
    };
    return { settle, release };
  };

  function pump(): void {
    clearTimeout(timer);
    for (let first = queue.first(); first !== undefined; first = queue.first()) {
      if (gate.isProbing() || active >= (learning ? 1 : options.maxInFlight)) return;
      const waitMs = Math.max(gate.waitMs(), windowWaitMs(first));
      if (waitMs > 0) {
        timer = setTimeout(pump, Math.max(1, Math.ceil(waitMs)));
        return;
      }
      // Asked only now: the wait above may have opened a new window.
      if (window.cautious()) return;
      queue.next()?.start(issue());
    }
  }

  return {
    ticket: () => ++tickets,
    acquire(place) {
      const permit = queue.wait(place, pump);
      pump();
      return permit;
    },
    rate() {
      const [limit, remaining, resetAtMs] = [window.limit(), window.remaining(), window.resetAtMs()];
      if (limit === undefined || remaining === undefined || resetAtMs === undefined) return {};
      return { limit, remaining, resetAtMs };
    },
  };
};

import type { RateReading } from './rate-headers.ts';

export interface RateWindowOptions {
  /** Part of the limit that is ours to use, above 0 up to 1. */
  readonly share: number;
  readonly windowMs: number;
  /** Wait after a reset, so that no request overtakes the server's own reset. */
  readonly guardMs: number;
}

/** The bookkeeping of the server's fixed windows. Holds no timers and reads no clock: pure, synchronous. */
export interface RateWindow {
  /** Moves to the window of `serverMs` where the known one is over. */
  advanceTo(serverMs: number): void;
  /** Moves to the next window whatever the clock says: the way out when reset headers make no sense. */
  forceNext(): void;
  /** Undefined when a request may go now, else the server time (ms) from when one may. */
  blockedUntilMs(): number | undefined;
  /**
   * The same for a request that may wait, where `blockedUntilMs` lets one go: a small part of the window is kept for urgent
   * ones until near its end, when all of it may go. So a backfill that uses every window up leaves way for live traffic, and
   * loses nothing.
   */
  keptUntilMs(serverMs: number): number | undefined;
  /** Counts a request that leaves now; returns the window it was counted in, for {@link settle}. */
  charge(): number;
  /** Takes in the end of a charged request, with what its headers said. */
  settle(chargedWindow: number, reading?: RateReading): void;
  /**
   * True while the next request should wait for the answer to the first of this window: others drew heavily on the last window,
   * and no answer has said yet what they left of this one.
   */
  cautious(): boolean;
  limit(): number | undefined;
  remaining(): number | undefined;
  resetAtMs(): number | undefined;
}

interface State {
  limit: number | undefined;
  /** Server time at which the window before this one ended, and at which this one ends. */
  previousEndMs: number;
  endMs: number;
  /** True once a header named `endMs`; false while it is only computed from the window before. */
  confirmed: boolean;
  /** Own requests that count, or may count, in this window: answered here or still in flight. */
  own: number;
  /** Lowest `remaining` of a header, less what left since; other users of the bucket show up here. */
  headerLeft: number;
  inFlight: number;
  /** Those of them that left in this window. */
  fresh: number;
  window: number;
  /** Others used more of the window before this one than the share leaves to them. */
  contended: boolean;
}

/** Part of what is ours that is kept for urgent requests, and when it is let go, in parts of a window before its end. */
const KEPT_SHARE = 0.04;
const LET_GO_BEFORE_END = 0.25;

const startWindow = (state: State, endMs: number, confirmed: boolean, reserve: number): void => {
  state.contended = (state.limit ?? 0) - state.own - state.headerLeft > reserve;
  state.previousEndMs = state.endMs;
  state.endMs = endMs;
  state.confirmed = confirmed;
  // A request that left before the reset may be counted after it: all in flight count here until an answer says where.
  state.own = state.inFlight;
  state.fresh = 0;
  state.headerLeft = Number.POSITIVE_INFINITY;
  state.window += 1;
};

/** The first header of all: everything in flight is charged to the window it names. */
const learn = (state: State, reading: RateReading): void => {
  state.previousEndMs = Number.NEGATIVE_INFINITY;
  state.endMs = reading.resetAtMs;
  state.confirmed = true;
  state.own = state.inFlight + 1;
  state.fresh = 0;
  state.headerLeft = reading.remaining;
  state.window += 1;
};

const applyReading = (
  state: State,
  reading: RateReading,
  chargedWindow: number,
  { windowMs, reserve }: { windowMs: number; reserve: number },
): void => {
  // Resets may wobble by rounding; two different windows are a whole window apart.
  const toleranceMs = windowMs / 4;
  const { resetAtMs: endMs, remaining } = reading;
  if (endMs <= state.previousEndMs + toleranceMs) {
    if (chargedWindow === state.window) {
      // It left in "this" window and was counted in the one before: this window has not begun for the server.
      state.endMs = endMs;
      state.previousEndMs = endMs - windowMs;
      state.confirmed = true;
      state.headerLeft = Math.min(state.headerLeft, remaining);
    } else {
      state.own -= 1;
    }
    return;
  }
  if (state.confirmed && endMs > state.endMs + toleranceMs) {
    startWindow(state, endMs, true, reserve);
    state.own += 1;
  } else {
    state.endMs = state.confirmed ? Math.max(state.endMs, endMs) : endMs;
    state.confirmed = true;
  }
  state.headerLeft = Math.min(state.headerLeft, remaining);
};

/** Before the first header: no limit, so no window either. */
const untaught = (): State => ({
  limit: undefined,
  previousEndMs: Number.NEGATIVE_INFINITY,
  endMs: Number.POSITIVE_INFINITY,
  confirmed: false,
  own: 0,
  headerLeft: Number.POSITIVE_INFINITY,
  inFlight: 0,
  fresh: 0,
  window: 0,
  contended: false,
});

/**
 * Creates the accounting of one token's bucket (API-FACTS 2.2, 2.3). Until a header was seen there is no limit.
 * Per window at most floor(limit × share) own requests leave, at least one, and none when the header says that nothing is left.
 */
export const createRateWindow = ({ share, windowMs, guardMs }: RateWindowOptions): RateWindow => {
  const state = untaught();
  // The epsilon keeps 100 × 0.29 at 29: floating point says 28.999….
  const budget = (limit: number): number => Math.max(1, Math.floor(limit * share + 1e-9));
  const reserve = (): number => (state.limit === undefined ? 0 : state.limit - budget(state.limit));
  const left = (limit: number): number => Math.min(limit - state.own, state.headerLeft);
  return {
    advanceTo(serverMs) {
      if (state.limit === undefined || serverMs < state.endMs + guardMs) return;
      const steps = Math.floor((serverMs - guardMs - state.endMs) / windowMs) + 1;
      startWindow(state, state.endMs + steps * windowMs, false, reserve());
    },
    forceNext() {
      if (state.limit !== undefined) startWindow(state, state.endMs + windowMs, false, reserve());
    },
    blockedUntilMs() {
      const { limit } = state;
      if (limit === undefined || (state.own < budget(limit) && left(limit) > 0)) return undefined;
      return state.endMs + guardMs;
    },
    keptUntilMs(serverMs) {
      const { limit } = state;
      if (limit === undefined) return undefined;
      const kept = Math.floor(budget(limit) * KEPT_SHARE);
      const letGoMs = state.endMs - windowMs * LET_GO_BEFORE_END;
      const isOwed = kept > 0 && state.own >= budget(limit) - kept;
      return isOwed && serverMs < letGoMs ? letGoMs : undefined;
    },
    charge() {
      state.own += 1;
      state.headerLeft -= 1;
      state.inFlight += 1;
      state.fresh += 1;
      return state.window;
    },
    settle(chargedWindow, reading) {
      state.inFlight -= 1;
      if (chargedWindow === state.window) state.fresh -= 1;
      if (!reading) return;
      if (state.limit === undefined) learn(state, reading);
      else applyReading(state, reading, chargedWindow, { windowMs, reserve: reserve() });
      state.limit = reading.limit;
    },
    cautious: () => state.contended && !state.confirmed && state.fresh > 0,
    limit: () => state.limit,
    remaining: () => (state.limit === undefined ? undefined : Math.max(0, left(state.limit))),
    resetAtMs: () => (state.limit === undefined ? undefined : state.endMs),
  };
};

/** Intercom cuts the minute into windows of ten seconds (API-FACTS 2.2). */
const WINDOW_MS = 10_000;
const WINDOWS_PER_MINUTE = 6;
/** Sent when nothing is limited: so high that no client paces itself by it. */
const UNLIMITED_PER_MINUTE = 6_000_000;

export interface RateLimits {
  /** null: no limit, but headers. */
  readonly rateLimitPerMinute: number | null;
  /** What other apps take from every window. */
  readonly otherCallsPerWindow: number;
}

export interface RateAnswer {
  readonly allowed: boolean;
  /** Calls a window. */
  readonly limit: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts calls in fixed windows, limit/6 in each, which begin at full ten seconds of the clock. */
export const createRateWindows = () => {
  let window = -1;
  let used = 0;
  return {
    /** @param now Unix ms */
    take(now: number, { rateLimitPerMinute, otherCallsPerWindow }: RateLimits): RateAnswer {
      const perMinute = rateLimitPerMinute ?? UNLIMITED_PER_MINUTE;
      const limit = Math.max(1, Math.floor(perMinute / WINDOWS_PER_MINUTE));
      const current = Math.floor(now / WINDOW_MS);
      if (current !== window) {
        window = current;
        used = 0;
      }
      const ours = Math.max(0, limit - otherCallsPerWindow);
      const allowed = rateLimitPerMinute === null || used < ours;
      if (allowed) used += 1;
      const remaining = rateLimitPerMinute === null ? limit : Math.max(0, ours - used);
      return {
        allowed,
        limit,
        headers: {
          'X-RateLimit-Limit': String(limit),
          'X-RateLimit-Remaining': String(remaining),
          'X-RateLimit-Reset': String(((current + 1) * WINDOW_MS) / 1000),
        },
      };
    },
  };
};

/** Intercom cuts the minute into windows of ten seconds (API-FACTS 2.2). */
const WINDOW_MS = 10_000;
const WINDOWS_PER_MINUTE = 6;
/** Sent when nothing is limited: so high that no client paces itself by it. */
const UNLIMITED_PER_MINUTE = 6_000_000;

export interface RateAnswer {
  readonly allowed: boolean;
  readonly limit: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Counts calls in fixed windows of the sandbox's clock. Without a limit the headers name a very high one. */
export const createRateWindows = (perMinute: number | undefined) => {
  const limit = Math.max(1, Math.floor((perMinute ?? UNLIMITED_PER_MINUTE) / WINDOWS_PER_MINUTE));
  let window = -1;
  let used = 0;
  return {
    take(now: number): RateAnswer {
      const current = Math.floor(now / WINDOW_MS);
      if (current !== window) {
        window = current;
        used = 0;
      }
      const free = perMinute === undefined || used < limit;
      if (free) used += 1;
      const remaining = perMinute === undefined ? limit : Math.max(0, limit - used);
      return {
        allowed: free,
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

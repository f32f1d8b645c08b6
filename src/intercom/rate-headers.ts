/** What the rate-limit headers of one answer say (API-FACTS 2.3). */
export interface RateReading {
  /** Calls allowed in one window. */
  readonly limit: number;
  /** Calls left in the window, after this one. */
  readonly remaining: number;
  /** When the window ends: server clock, ms since 1970. */
  readonly resetAtMs: number;
}

const numberOf = (value: string | null): number | undefined => {
  if (value === null || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
};

/** Reads X-RateLimit-Limit, -Remaining and -Reset (Unix seconds); undefined unless all three make sense. */
export const rateReading = (headers: Headers): RateReading | undefined => {
  const limit = numberOf(headers.get('x-ratelimit-limit'));
  const remaining = numberOf(headers.get('x-ratelimit-remaining'));
  const reset = numberOf(headers.get('x-ratelimit-reset'));
  if (limit === undefined || remaining === undefined || reset === undefined || limit < 1 || reset <= 0)
    return undefined;
  return { limit, remaining: Math.max(0, remaining), resetAtMs: reset * 1_000 };
};

/** The `Date` header in ms since 1970, undefined where it is absent or unreadable. */
export const dateHeaderMs = (headers: Headers): number | undefined => {
  const time = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(time) ? undefined : time;
};

/** `Retry-After` (seconds or an HTTP date, RFC 9110 10.2.3) as ms from `serverNowMs`; may be negative. */
export const retryAfterMs = (headers: Headers, serverNowMs: number): number | undefined => {
  const value = headers.get('retry-after');
  const seconds = numberOf(value);
  if (seconds !== undefined) return seconds * 1_000;
  const time = Date.parse(value ?? '');
  return Number.isNaN(time) ? undefined : time - serverNowMs;
};

/**
 * How long to keep still after a 429, in ms: Retry-After, else until the reset header, else `defaultMs`; never below
 * `minMs` (a reset in the past must not become a hot loop) nor above `maxMs` (API-FACTS 2.5, TRAPS T54, T55).
 */
export const pauseMs = (
  headers: Headers,
  serverNowMs: number,
  bounds: { readonly minMs: number; readonly defaultMs: number; readonly maxMs: number },
): number => {
  const reset = numberOf(headers.get('x-ratelimit-reset'));
  const wait =
    retryAfterMs(headers, serverNowMs) ??
    (reset === undefined ? bounds.defaultMs : reset * 1_000 - serverNowMs);
  return Math.min(bounds.maxMs, Math.max(bounds.minMs, wait));
};

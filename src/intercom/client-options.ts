import { AppError } from '../errors/app-error.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';

export interface IntercomClientOptions {
  /** Address of the API, for example from `hostOf(region)`. */
  readonly baseUrl: string;
  readonly token: string;
  /** Value of the Intercom-Version header, sent with every request (API-FACTS 1.3). */
  readonly version: string;
  /** Part of the rate limit that is used, above 0 up to 1. Default 0.9. */
  readonly rateShare?: number;
  /** For headers and body of one attempt. Default 90,000. */
  readonly deadlineMs?: number;
  /** Longest silence within a body. Default 30,000. */
  readonly idleTimeoutMs?: number;
  /** Attempts at one request before a transient failure becomes final. Default 6. */
  readonly maxAttempts?: number;
  /** Upper bound for requests under way at once. Default 128. */
  readonly maxInFlight?: number;
  readonly logger?: Logger;
  /** Source of jitter, [0, 1). Default Math.random. */
  readonly random?: () => number;
  readonly userAgent?: string;
  /** First step of the exponential backoff. Default 500. */
  readonly backoffBaseMs?: number;
}

/** What Intercom's behaviour fixes; changed only by tests that cannot wait so long. */
export interface ClientTuning {
  readonly windowMs: number;
  /** Wait after a window's reset before the first request. */
  readonly guardMs: number;
  /** Bounds of the pause after a 429, and the pause where no header names one (API-FACTS 2.5). */
  readonly minPauseMs: number;
  readonly defaultPauseMs: number;
  readonly maxPauseMs: number;
  readonly pauseJitterMs: number;
  readonly maxBackoffMs: number;
  /** 429s that one request sits out before it fails. */
  readonly maxRateLimited: number;
  /** Attempts while no connection ever came about: a wrong host should be told within seconds. */
  readonly maxFirstConnects: number;
}

const TUNING: ClientTuning = {
  windowMs: 10_000,
  guardMs: 75,
  minPauseMs: 1_000,
  defaultPauseMs: 10_000,
  maxPauseMs: 60_000,
  pauseJitterMs: 250,
  maxBackoffMs: 30_000,
  maxRateLimited: 30,
  maxFirstConnects: 3,
};

export type ClientSettings = Required<IntercomClientOptions> & ClientTuning;

const requirePositive = (name: string, value: number, maximum: number): void => {
  if (value > 0 && value <= maximum) return;
  throw new AppError(
    'CONFIG_INVALID',
    `The Intercom client's ${name} must be above 0 and at most ${maximum}.`,
  );
};

/** Fills in the defaults. Throws CONFIG_INVALID for values that cannot work; never repeats the token. */
export const resolveSettings = (
  options: IntercomClientOptions,
  tuning: Partial<ClientTuning>,
): ClientSettings => {
  const settings: ClientSettings = {
    rateShare: 0.9,
    deadlineMs: 90_000,
    idleTimeoutMs: 30_000,
    maxAttempts: 6,
    maxInFlight: 128,
    logger: silentLogger,
    random: Math.random,
    userAgent: 'fast-intercom-mcp',
    backoffBaseMs: 500,
    ...options,
    ...TUNING,
    ...tuning,
  };
  if (settings.token === '') throw new AppError('CONFIG_TOKEN_MISSING');
  // A header with such a token would be refused with an error that quotes it.
  if (!/^[\x21-\x7e]+$/.test(settings.token)) {
    throw new AppError(
      'CONFIG_INVALID',
      'The Intercom access token holds a space, line break or other character that no token has.',
    );
  }
  requirePositive('rateShare', settings.rateShare, 1);
  requirePositive('maxAttempts', settings.maxAttempts, 1_000);
  requirePositive('maxInFlight', settings.maxInFlight, 100_000);
  requirePositive('deadlineMs', settings.deadlineMs, 2 ** 31 - 1);
  requirePositive('idleTimeoutMs', settings.idleTimeoutMs, 2 ** 31 - 1);
  return settings;
};

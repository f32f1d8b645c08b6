import { AppError } from '../errors/app-error.ts';
import { type BodyReader, runAttempt, type Step } from './attempt.ts';
import {
  type ClientSettings,
  type ClientTuning,
  type IntercomClientOptions,
  resolveSettings,
} from './client-options.ts';
import { dateHeaderMs } from './rate-headers.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { parseBaseUrl, type Query, requestUrl } from './request-url.ts';
import { backoffMs, sleep } from './retry.ts';
import { createServerClock, type ServerClock } from './server-clock.ts';
import type { AttemptResult } from './transport.ts';

export type { IntercomClientOptions } from './client-options.ts';

export interface RequestOptions<T> {
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Makes of the body what `expect` looks at, perhaps in several turns; `JSON.parse` where it is absent. */
  readonly read?: BodyReader;
  /** Shape guard. An answer that fails it is a transient failure: INTERCOM_BAD_BODY in the end, never an empty page. */
  readonly expect: (json: unknown) => json is T;
  readonly signal?: AbortSignal;
  /** `high` goes before all waiting `normal` ones. */
  readonly priority?: 'high' | 'normal';
  /** Attempts that may end with a timeout before it is final, for callers that can ask for less. */
  readonly maxTimeouts?: number;
  /** Overrides the client's deadline, for each attempt. */
  readonly deadlineMs?: number;
}

export interface IntercomResponse<T> {
  readonly data: T;
  /** The body, character for character; numbers beyond 2^53 survive here only. */
  readonly text: string;
  /** The server's clock (Date header) in Unix seconds; the local clock when absent. */
  readonly serverTime: number;
  readonly status: number;
  /** The Link header. */
  readonly link?: string;
}

export interface ClientStats {
  /** HTTP requests sent, whatever became of them. */
  readonly requests: number;
  /** Those of them that repeated a failed one; 429s are counted apart. */
  readonly retries: number;
  /** Answers that said the rate limit is exceeded. */
  readonly rateLimited: number;
  /** Calls of `request` that ended with an error; aborted ones do not count. */
  readonly failed: number;
  /** Bytes of the bodies of good answers, decompressed. */
  readonly bytes: number;
}

export interface IntercomClient {
  /** Of the API, sent with every request. */
  readonly version: string;
  /**
   * One call of the API; tries again what is transient. Throws AppError (INTERCOM_*, `details.status` and
   * `details.upstreamCode` where there was an answer), or the signal's reason, or an AbortError once the client is closed.
   */
  request<T>(method: 'GET' | 'POST', path: string, options: RequestOptions<T>): Promise<IntercomResponse<T>>;
  stats(): ClientStats;
  /** The server's clock in ms: local clock + last known skew; up to a second behind, never ahead. */
  serverNow(): number;
  /** Learnt from the headers: calls per window, calls left in it, its end in Unix seconds. */
  rate(): { limitPerWindow?: number; remaining?: number; resetAt?: number };
  /** Ends what waits and what is under way; resolves when nothing is under way any more. */
  close(): Promise<void>;
}

const MAX_REDIRECTS = 3;

interface Core {
  readonly settings: ClientSettings;
  readonly base: URL;
  readonly clock: ServerClock;
  readonly limiter: RateLimiter;
  readonly counts: { requests: number; retries: number; rateLimited: number; failed: number; bytes: number };
  /** Becomes true with the first headers from the server. */
  connected: boolean;
}

/** Attempts left to a request that failed in a transient way. */
const attemptsFor = (core: Core, hope: 'full' | 'first' | 'never'): number => {
  if (hope === 'never') return 1;
  const { maxAttempts, maxFirstConnects } = core.settings;
  return hope === 'first' && !core.connected ? Math.min(maxAttempts, maxFirstConnects) : maxAttempts;
};

const countAnswer = (core: Core, step: Step<unknown>): void => {
  if (step.kind === 'limited') core.counts.rateLimited += 1;
  if (step.kind === 'done') core.counts.bytes += step.result.bytes;
  const status = step.kind === 'fail' || step.kind === 'retry' ? step.error.details['status'] : true;
  if (status !== undefined) core.connected = true;
};

const responseOf = <T>(data: T, { headers, text, status }: AttemptResult): IntercomResponse<T> => {
  const link = headers.get('link');
  const serverTime = Math.floor((dateHeaderMs(headers) ?? Date.now()) / 1_000);
  return { data, text, serverTime, status, ...(link === null ? {} : { link }) };
};

const headersOf = (
  { token, version, userAgent }: ClientSettings,
  hasBody: boolean,
): Record<string, string> => ({
  accept: 'application/json',
  authorization: `Bearer ${token}`,
  'intercom-version': version,
  'user-agent': userAgent,
  ...(hasBody ? { 'content-type': 'application/json' } : {}),
});

/** Repeats attempts at one request until it is done or has failed for good. */
const pursue = async <T>(
  core: Core,
  method: 'GET' | 'POST',
  path: string,
  options: RequestOptions<T>,
  signal: AbortSignal,
): Promise<IntercomResponse<T>> => {
  const { settings, base, clock, limiter, counts } = core;
  const { expect, read = JSON.parse } = options;
  const { logger } = settings;
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const headers = headersOf(settings, body !== undefined);
  const { idleTimeoutMs } = settings;
  const deadlineMs = options.deadlineMs ?? settings.deadlineMs;
  const ticket = limiter.ticket();
  let url = requestUrl(base, path, options.query);
  let [failures, refusals, redirects, timeouts] = [0, 0, 0, 0];
  for (;;) {
    const permit = await limiter.acquire({ priority: options.priority ?? 'normal', ticket, signal });
    counts.requests += 1;
    if (failures > 0) counts.retries += 1;
    const request = {
      url,
      method,
      headers,
      deadlineMs,
      idleTimeoutMs,
      signal,
      ...(body === undefined ? {} : { body }),
    };
    const step = await runAttempt({ request, read, expect, base, permit, clock, settings });
    countAnswer(core, step);
    if (step.kind === 'done') return responseOf(step.data, step.result);
    if (step.kind === 'fail') throw step.error;
    if (step.kind === 'redirect') {
      redirects += 1;
      if (redirects > MAX_REDIRECTS)
        throw new AppError('INTERCOM_BAD_REQUEST', undefined, { details: { reason: 'redirects' } });
      url = step.url;
      continue;
    }
    if (step.kind === 'limited') {
      refusals += 1;
      logger.info(
        { path, waitMs: Math.round(step.waitMs), refusals },
        'rate limit exceeded; all requests pause',
      );
      if (refusals >= settings.maxRateLimited) throw step.error;
      continue;
    }
    failures += 1;
    const { code, details } = step.error;
    if (code === 'INTERCOM_TIMEOUT') timeouts += 1;
    if (timeouts >= (options.maxTimeouts ?? Number.POSITIVE_INFINITY)) throw step.error;
    if (failures >= attemptsFor(core, step.hope)) throw step.error;
    const backoff = backoffMs(failures, settings.backoffBaseMs, settings.maxBackoffMs, settings.random);
    const waitMs = Math.round(Math.max(backoff, step.minWaitMs));
    logger.debug({ path, code, details, failures, waitMs }, 'request failed; trying again');
    await sleep(waitMs, signal);
  }
};

/**
 * A client of the Intercom API on the platform's fetch (issue 2, item 3): whole, checked JSON or an error; one limiter for
 * all requests made through it; retries with jitter; the token goes to the base URL's origin only. Knows no entity.
 * `tuning` is for tests. Throws CONFIG_INVALID or CONFIG_TOKEN_MISSING for options that cannot work.
 */
export const createIntercomClient = (
  options: IntercomClientOptions,
  tuning: Partial<ClientTuning> = {},
): IntercomClient => {
  const settings = resolveSettings(options, tuning);
  const clock = createServerClock();
  const { rateShare: share, maxInFlight, windowMs, guardMs } = settings;
  const core: Core = {
    settings,
    base: parseBaseUrl(settings.baseUrl),
    clock,
    limiter: createRateLimiter({ clock, share, maxInFlight, windowMs, guardMs }),
    counts: { requests: 0, retries: 0, rateLimited: 0, failed: 0, bytes: 0 },
    connected: false,
  };
  const running = new Map<AbortController, Promise<unknown>>();
  let closed = false;
  const closedReason = (): DOMException => new DOMException('The Intercom client is closed.', 'AbortError');
  return {
    version: settings.version,
    async request<T>(method: 'GET' | 'POST', path: string, requestOptions: RequestOptions<T>) {
      if (closed) throw closedReason();
      const { signal } = requestOptions;
      signal?.throwIfAborted();
      // One controller per request: a shared signal that lives for a whole sync would gather listeners.
      const controller = new AbortController();
      const abort = (): void => controller.abort(signal?.reason);
      signal?.addEventListener('abort', abort, { once: true });
      const pursuit = pursue(core, method, path, requestOptions, controller.signal);
      running.set(controller, pursuit);
      try {
        return await pursuit;
      } catch (error) {
        if (!controller.signal.aborted) core.counts.failed += 1;
        throw error;
      } finally {
        signal?.removeEventListener('abort', abort);
        running.delete(controller);
      }
    },
    stats: () => ({ ...core.counts }),
    serverNow: () => clock.nowMs(),
    rate() {
      const { limit, remaining, resetAtMs } = core.limiter.rate();
      if (limit === undefined || remaining === undefined || resetAtMs === undefined) return {};
      return { limitPerWindow: limit, remaining, resetAt: resetAtMs / 1_000 };
    },
    async close() {
      closed = true;
      const pursuits = [...running.values()];
      for (const controller of running.keys()) controller.abort(closedReason());
      await Promise.allSettled(pursuits);
    },
  };
};

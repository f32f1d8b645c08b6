import { AppError } from '../errors/app-error.ts';
import type { ClientSettings } from './client-options.ts';
import { judgeStatus } from './error-map.ts';
import { dateHeaderMs, pauseMs, rateReading, retryAfterMs } from './rate-headers.ts';
import type { Permit } from './rate-limiter.ts';
import { assertSameOrigin } from './request-url.ts';
import type { ServerClock } from './server-clock.ts';
import { type AttemptRequest, type AttemptResult, sendAttempt, TransportFailure } from './transport.ts';

/** How one attempt ended, and what follows from it. */
export type Step<T> =
  | { readonly kind: 'done'; readonly data: T; readonly result: AttemptResult }
  | { readonly kind: 'redirect'; readonly url: URL }
  | { readonly kind: 'fail'; readonly error: AppError }
  | { readonly kind: 'limited'; readonly error: AppError; readonly waitMs: number }
  | {
      readonly kind: 'retry';
      readonly error: AppError;
      /** The server asked to wait at least so long. */
      readonly minWaitMs: number;
      /** `never` for what the next attempt cannot mend, `first` where no connection came about. */
      readonly hope: 'full' | 'first' | 'never';
    };

/** Makes of a body what it says. @throws SyntaxError where the body is not JSON */
export type BodyReader = (text: string) => unknown;

export interface AttemptContext<T> {
  readonly request: Omit<AttemptRequest, 'onHeaders'>;
  readonly read: BodyReader;
  readonly expect: (json: unknown) => json is T;
  readonly base: URL;
  readonly permit: Permit;
  readonly clock: ServerClock;
  readonly settings: ClientSettings;
}

const badBody = (status: number, reason: string, cause?: unknown): Step<never> => ({
  kind: 'retry',
  hope: 'full',
  minWaitMs: 0,
  error: new AppError('INTERCOM_BAD_BODY', undefined, { details: { status, reason }, cause }),
});

/** A 200 counts only when it is JSON of the expected shape; anything less is transient, never an empty page (TRAPS T62, T63). */
const readBody = async <T>(result: AttemptResult, { expect, read }: AttemptContext<T>): Promise<Step<T>> => {
  if (result.text.trim() === '') return badBody(result.status, 'empty');
  let json: unknown;
  try {
    json = await read(result.text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return badBody(result.status, 'not JSON', cause);
  }
  return expect(json) ? { kind: 'done', data: json, result } : badBody(result.status, 'unexpected shape');
};

const stepOfFailure = (failure: TransportFailure, statusSeen: number | undefined): Step<never> => {
  const details = { reason: failure.reason, ...(statusSeen === undefined ? {} : { status: statusSeen }) };
  const retry = (error: AppError, hope: 'full' | 'first' | 'never'): Step<never> => ({
    kind: 'retry',
    error,
    hope,
    minWaitMs: 0,
  });
  if (failure.kind === 'timeout')
    return retry(new AppError('INTERCOM_TIMEOUT', undefined, { details, cause: failure }), 'full');
  if (failure.kind === 'certificate') {
    const remedy =
      'Check INTERCOM_API_BASE_URL; behind a company proxy, name its certificate authority in the extra CA file.';
    const message = 'The certificate of the Intercom API, or of a proxy in between, is not trusted.';
    return retry(new AppError('INTERCOM_UNREACHABLE', message, { details, remedy, cause: failure }), 'never');
  }
  // Once headers came, a broken connection is a truncated body.
  const code = statusSeen === undefined ? 'INTERCOM_UNREACHABLE' : 'INTERCOM_BAD_BODY';
  return retry(
    new AppError(code, undefined, { details, cause: failure }),
    failure.kind === 'connect' ? 'first' : 'full',
  );
};

const stepOfRedirect = <T>(
  { request, base }: AttemptContext<T>,
  { status, headers }: AttemptResult,
): Step<never> => {
  const location = headers.get('location');
  const url =
    location !== null && URL.canParse(location, request.url.href)
      ? new URL(location, request.url)
      : undefined;
  try {
    if (url) assertSameOrigin(base, url);
  } catch (error) {
    if (error instanceof AppError) return { kind: 'fail', error };
    throw error;
  }
  if (url && request.method === 'GET' && status !== 300 && status !== 304) return { kind: 'redirect', url };
  return {
    kind: 'fail',
    error: new AppError('INTERCOM_BAD_REQUEST', undefined, { details: { status, reason: 'redirect' } }),
  };
};

const stepOfStatus = <T>(context: AttemptContext<T>, result: AttemptResult): Step<never> => {
  const { permit, clock, settings } = context;
  const { action, error } = judgeStatus(result.status, result.headers, result.text);
  if (action === 'fail') return { kind: 'fail', error };
  const serverNowMs = clock.earliestMs();
  if (action === 'retry') {
    const asked = retryAfterMs(result.headers, serverNowMs) ?? 0;
    return {
      kind: 'retry',
      error,
      hope: 'full',
      minWaitMs: Math.min(settings.maxPauseMs, Math.max(0, asked)),
    };
  }
  const { minPauseMs: minMs, defaultPauseMs: defaultMs, maxPauseMs: maxMs } = settings;
  const jitterMs = settings.random() * settings.pauseJitterMs;
  const waitMs = pauseMs(result.headers, serverNowMs, { minMs, defaultMs, maxMs }) + jitterMs;
  permit.settle({ ok: false, reading: rateReading(result.headers), pauseMs: waitMs });
  return { kind: 'limited', error, waitMs };
};

/**
 * Sends one attempt, tells the limiter and the clock what its headers say, and judges the answer. Throws only the signal's
 * reason, or what the caller's `read` or `expect` throws. The permit is released in every case.
 */
export const runAttempt = async <T>(context: AttemptContext<T>): Promise<Step<T>> => {
  const { request, permit, clock } = context;
  const sentMonoMs = performance.now();
  let statusSeen: number | undefined;
  const onHeaders = (status: number, headers: Headers): void => {
    statusSeen = status;
    const dateMs = dateHeaderMs(headers);
    if (dateMs !== undefined) clock.observe(dateMs, sentMonoMs, performance.now());
    // Which kind of limit a 429 means stands in its body: a limit on jobs says nothing about the bucket (TRAPS T58).
    if (status !== 429) permit.settle({ ok: status >= 200 && status < 300, reading: rateReading(headers) });
  };
  try {
    const result = await sendAttempt({ ...request, onHeaders });
    if (result.status >= 200 && result.status < 300) return await readBody(result, context);
    if (result.status >= 300 && result.status < 400) return stepOfRedirect(context, result);
    return stepOfStatus(context, result);
  } catch (error) {
    if (error instanceof TransportFailure) return stepOfFailure(error, statusSeen);
    throw error;
  } finally {
    permit.release();
  }
};

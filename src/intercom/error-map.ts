import { AppError } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/codes.ts';

/**
 * What to do with an answer that is not a 2xx. `fail`: not again. `retry`: back off and try again. `limited`: the
 * bucket is empty, everybody waits. The error is what the caller gets if it ends there.
 */
export interface Verdict {
  readonly action: 'fail' | 'retry' | 'limited';
  readonly error: AppError;
}

interface Envelope {
  /** False for HTML, an empty body and anything else that no JSON object is. */
  readonly json: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly requestId?: string;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads the error envelope (API-FACTS 1.7); words from the network are kept only where they look like identifiers. */
const readEnvelope = (text: string): Envelope => {
  const body = parse(text);
  if (!isRecord(body)) return { json: false };
  const first: unknown = Array.isArray(body['errors']) ? body['errors'][0] : undefined;
  const word = (value: unknown): string | undefined =>
    typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value) ? value : undefined;
  const code = isRecord(first) ? word(first['code']) : undefined;
  const message = isRecord(first) && typeof first['message'] === 'string' ? first['message'] : undefined;
  const requestId = word(body['request_id']);
  return {
    json: true,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(requestId === undefined ? {} : { requestId }),
  };
};

/** The path that a 410's `Link: </contacts/x>; rel="canonical"` names (API-FACTS 7.3); never a host. */
export const canonicalPath = (link: string | null): string | undefined => {
  for (const match of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const [, target = '', parameters = ''] = match;
    if (!/;\s*rel\s*=\s*"?canonical"?/i.test(parameters) || !URL.canParse(target, 'http://localhost'))
      continue;
    return new URL(target, 'http://localhost').pathname;
  }
  return undefined;
};

/** "Exceeded rate limit of 1 pending … jobs": a limit on export jobs, not on calls (API-FACTS 2.6, TRAPS T58). */
const isJobLimit = (message: string | undefined): boolean =>
  message !== undefined && /pending/i.test(message) && /job/i.test(message);

const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'too_many_requests',
  'service_unavailable',
  'server_error',
  'request_timeout',
]);

const codeOf4xx = (status: number, envelope: Envelope): { action: 'fail' | 'retry'; code: ErrorCode } => {
  const fail = (code: ErrorCode) => ({ action: 'fail', code }) as const;
  if (status === 401) return fail('INTERCOM_UNAUTHORIZED');
  if (status === 402 || envelope.code === 'api_plan_restricted') return fail('INTERCOM_PLAN');
  if (status === 408) return { action: 'retry', code: 'INTERCOM_TIMEOUT' };
  if (status === 403) {
    // The load balancer refuses with an HTML page, now and then, whatever the token may read (API-FACTS 1.10).
    return envelope.json ? fail('INTERCOM_FORBIDDEN') : { action: 'retry', code: 'INTERCOM_SERVER_ERROR' };
  }
  if (status === 404 || status === 410) {
    // Only Intercom itself may say that an object is gone: a page from something in between must not delete it.
    if (!envelope.json) return { action: 'retry', code: 'INTERCOM_BAD_BODY' };
    return fail(status === 404 ? 'INTERCOM_NOT_FOUND' : 'INTERCOM_GONE');
  }
  return fail('INTERCOM_BAD_REQUEST');
};

const verdictOf = (status: number, envelope: Envelope): { action: Verdict['action']; code: ErrorCode } => {
  if (status === 429) {
    const own = envelope.code === 'too_many_requests' || isJobLimit(envelope.message);
    return { action: own ? 'retry' : 'limited', code: 'INTERCOM_RATE_LIMITED' };
  }
  if (status >= 500) return { action: 'retry', code: 'INTERCOM_SERVER_ERROR' };
  if (status >= 400) {
    const transient = envelope.code !== undefined && TRANSIENT_CODES.has(envelope.code) && status !== 401;
    return transient ? { action: 'retry', code: 'INTERCOM_SERVER_ERROR' } : codeOf4xx(status, envelope);
  }
  return { action: 'fail', code: 'INTERCOM_BAD_REQUEST' };
};

/**
 * Judges an answer with a status other than 2xx (API-FACTS 1.7 to 1.11, 2.6). The error's details: `status`,
 * `upstreamCode`, `requestId`, for a merged contact `canonical`, for job limits `jobLimit`. Its message holds nothing from the network.
 */
export const judgeStatus = (status: number, headers: Headers, text: string): Verdict => {
  const envelope = readEnvelope(text);
  const { action, code } = verdictOf(status, envelope);
  const canonical = status === 410 ? canonicalPath(headers.get('link')) : undefined;
  const requestId = envelope.requestId ?? headers.get('x-request-id') ?? undefined;
  const error = new AppError(code, undefined, {
    details: {
      status,
      ...(envelope.code === undefined ? {} : { upstreamCode: envelope.code }),
      ...(requestId === undefined ? {} : { requestId }),
      ...(canonical === undefined ? {} : { canonical }),
      ...(isJobLimit(envelope.message) ? { jobLimit: true } : {}),
    },
  });
  return { action, error };
};

/** What goes wrong with one request instead of, or beside, its answer. */
export type Fault =
  | StatusFault
  /** The connection breaks before the answer, or after some bytes of its body. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'reset_after'; readonly bytes: number }
  /** 200 with the first part of the body only, 0 to 1, as if that were all of it. */
  | { readonly kind: 'truncated'; readonly share: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'html' }
  | { readonly kind: 'wrong_shape'; readonly body: string }
  /** Some bytes of the body, then silence; or all of it, slowly. */
  | { readonly kind: 'stalled'; readonly bytes: number }
  | { readonly kind: 'drip'; readonly bytesPerSecond: number }
  /** Time to think, on top of the latency. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'redirect'; readonly location: string }
  /** `pages.next` leads to another host. */
  | { readonly kind: 'foreign_next'; readonly host: string }
  /** `pages.next` leads back to this page. */
  | { readonly kind: 'repeated_cursor' }
  /** A page without its items, but with its `next` (TRAPS T08). */
  | { readonly kind: 'empty_page' }
  | { readonly kind: 'corrupt_gzip' }
  /** Content-Length promises more than comes. */
  | { readonly kind: 'wrong_length' }
  | { readonly kind: 'bom' }
  /** Whole and well formed, but with fields changed or left out; paths as in `editAnswer` (TRAPS T31, T83). */
  | {
      readonly kind: 'edited';
      readonly set?: Readonly<Record<string, unknown>>;
      readonly remove?: readonly string[];
    };

export interface StatusFault {
  readonly kind: 'status';
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  /** A page of the load balancer instead of the error envelope (API-FACTS 1.10). */
  readonly html?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without rate headers and request id. */
  readonly bare?: boolean;
  /** Retry-After, as seconds or as a date (TRAPS T55). */
  readonly retryAfterSeconds?: number;
  readonly retryAfterAs?: 'seconds' | 'date';
  /** X-RateLimit-Reset, counted from now; may lie in the past. */
  readonly resetInSeconds?: number;
}

export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  /** Number of the request since the start, from 1. */
  readonly count: number;
  /** Number of the request with this method and path, ids left aside. */
  readonly countForPath: number;
  readonly body: unknown;
}

/** Decides for each request. May also change the world: it is asked before the request is answered. */
export type FaultPlan = (request: FaultRequest) => Fault | undefined;

const status = (code: number, error?: string, message?: string, more: Partial<StatusFault> = {}): Fault => ({
  kind: 'status',
  status: code,
  ...(error === undefined ? {} : { code: error }),
  ...(message === undefined ? {} : { message }),
  ...more,
});

const LIMIT_MESSAGE = 'Exceeded rate limit of 166 in 10_seconds';
const AWS = { server: 'awselb/2.0' };

/** What Intercom has been seen to send, ready to use (API-FACTS 1.7 to 1.11, 2.4 to 2.6, 15). */
export const NAMED_FAULTS = {
  400: status(400, 'client_error', 'Invalid starting_after param'),
  401: status(401, 'unauthorized', 'Access Token Invalid', { bare: true }),
  402: status(402, 'api_plan_restricted', 'Active subscription needed.'),
  403: status(403, 'forbidden', 'You do not have the required scope to access this resource.'),
  '403_plan': status(403, 'api_plan_restricted', 'Active subscription needed.'),
  '403_html': status(403, undefined, undefined, { html: true, bare: true, headers: AWS }),
  404: status(404, 'not_found', 'Resource Not Found'),
  408: status(408, 'request_timeout', 'The request timed out'),
  409: status(409, 'conflict', 'Conflict'),
  410: status(410, 'contact_merged', 'This contact has been merged.', {
    headers: { Link: '</contacts/6762f0d01bb6000000000000>; rel="canonical"' },
  }),
  422: status(422, 'parameter_invalid', 'model=conversation is no longer supported'),
  429: status(429, 'rate_limit_exceeded', LIMIT_MESSAGE, { resetInSeconds: 1 }),
  '429_bare': status(429, 'rate_limit_exceeded', LIMIT_MESSAGE, { bare: true }),
  '429_seconds': status(429, 'rate_limit_exceeded', LIMIT_MESSAGE, { bare: true, retryAfterSeconds: 1 }),
  '429_date': status(429, 'rate_limit_exceeded', LIMIT_MESSAGE, {
    bare: true,
    retryAfterSeconds: 1,
    retryAfterAs: 'date',
  }),
  '429_past': status(429, 'rate_limit_exceeded', LIMIT_MESSAGE, { resetInSeconds: -30 }),
  '429_jobs': status(429, 'rate_limit_exceeded', 'Exceeded rate limit of 1 pending content export jobs'),
  '429_resource': status(
    429,
    'too_many_requests',
    'The server is receiving too many requests for this resource',
  ),
  500: status(500, 'server_error', 'Something went wrong'),
  502: status(502, undefined, undefined, { html: true, bare: true }),
  503: status(503, 'service_unavailable', 'Try again later'),
  '503_html': status(503, undefined, undefined, { html: true, bare: true }),
  504: status(504, undefined, undefined, { html: true, bare: true }),
  reset: { kind: 'reset' },
  reset_after: { kind: 'reset_after', bytes: 40 },
  truncated: { kind: 'truncated', share: 0.5 },
  empty: { kind: 'empty' },
  html: { kind: 'html' },
  wrong_shape: { kind: 'wrong_shape', body: '{"ok":true}' },
  stalled: { kind: 'stalled', bytes: 20 },
  drip: { kind: 'drip', bytesPerSecond: 1 },
  slow: { kind: 'slow', delayMs: 25_000 },
  foreign_next: { kind: 'foreign_next', host: 'https://intercom.example.com' },
  redirect: { kind: 'redirect', location: 'https://intercom.example.com/' },
  repeated_cursor: { kind: 'repeated_cursor' },
  empty_page: { kind: 'empty_page' },
  corrupt_gzip: { kind: 'corrupt_gzip' },
  wrong_length: { kind: 'wrong_length' },
  bom: { kind: 'bom' },
  edited: { kind: 'edited', set: { '**.new_field': 1 } },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof NAMED_FAULTS;

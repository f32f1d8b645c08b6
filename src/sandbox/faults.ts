/** What goes wrong with one request instead of, or beside, its answer. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly html?: boolean;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'reset_after'; readonly bytes: number }
  | { readonly kind: 'truncated'; readonly share: number }
  | { readonly kind: 'empty' }
  | { readonly kind: 'html' }
  | { readonly kind: 'wrong_shape'; readonly body: string }
  | { readonly kind: 'stalled'; readonly bytes: number }
  | { readonly kind: 'drip'; readonly bytesPerSecond: number }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'foreign_next'; readonly host: string }
  | { readonly kind: 'repeated_cursor' }
  | { readonly kind: 'corrupt_gzip' };

export interface FaultRequest {
  readonly method: string;
  readonly path: string;
  /** Number of the request since the start, from 1. */
  readonly count: number;
  /** Number of the request with this method and path. */
  readonly countForPath: number;
  readonly body: unknown;
}

export type FaultPlan = (request: FaultRequest) => Fault | undefined;

const KINDS: Readonly<Record<string, Fault>> = {
  429: {
    kind: 'status',
    status: 429,
    code: 'rate_limit_exceeded',
    message: 'Exceeded rate limit of 166 in 10_seconds',
  },
  500: { kind: 'status', status: 500, code: 'server_error', message: 'Something went wrong' },
  502: { kind: 'status', status: 502, html: true },
  503: { kind: 'status', status: 503, code: 'service_unavailable', message: 'Try again' },
  reset: { kind: 'reset' },
  reset_after: { kind: 'reset_after', bytes: 40 },
  truncated: { kind: 'truncated', share: 0.5 },
  empty: { kind: 'empty' },
  html: { kind: 'html' },
  wrong_shape: { kind: 'wrong_shape', body: '{"ok":true}' },
  stalled: { kind: 'stalled', bytes: 20 },
  corrupt_gzip: { kind: 'corrupt_gzip' },
};

export type FaultKind = keyof typeof KINDS;
export const FAULT_KINDS: readonly FaultKind[] = Object.keys(KINDS);

/** A share of the requests fails, each in one of the ways, by a generator of its own. */
export const randomFaults = (options: {
  readonly seed: number;
  readonly share: number;
  readonly kinds?: readonly FaultKind[];
}): FaultPlan => {
  const kinds = options.kinds ?? FAULT_KINDS.filter((kind) => kind !== 'stalled');
  let state = options.seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => {
    if (next() >= options.share) return undefined;
    return KINDS[kinds[Math.floor(next() * kinds.length)] ?? '500'];
  };
};

/** The JSON form that other processes send: random faults, or one kind on a path for a number of times. */
export const planFromJson = (json: Readonly<Record<string, unknown>>): FaultPlan | undefined => {
  if (json.kind === 'random') {
    return randomFaults({
      seed: Number(json.seed ?? 1),
      share: Number(json.share ?? 0.2),
      ...(Array.isArray(json.kinds) ? { kinds: json.kinds as FaultKind[] } : {}),
    });
  }
  if (json.kind === 'none' || json.kind === undefined) return undefined;
  const fault = KINDS[String(json.kind)] ?? (json as unknown as Fault);
  let left = Number(json.times ?? 1);
  return ({ path }) => {
    if (left <= 0 || (typeof json.path === 'string' && !path.startsWith(json.path))) return undefined;
    left -= 1;
    return fault;
  };
};

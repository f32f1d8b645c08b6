import { invalid } from './errors.ts';
import { type Fault, type FaultName, type FaultPlan, NAMED_FAULTS } from './faults.ts';
import { textOf } from './text-of.ts';

/** What passes: a client that tries again gets its answer. */
export const PASSING_FAULTS: readonly FaultName[] = [
  408,
  429,
  500,
  502,
  503,
  504,
  '403_html',
  '429_seconds',
  'reset',
  'reset_after',
  'truncated',
  'empty',
  'html',
  'wrong_shape',
  'corrupt_gzip',
  'wrong_length',
];

/** A share of the requests fails, each in one of the ways, by a generator of its own. */
export const randomFaults = (options: {
  readonly seed: number;
  /** 0 to 1. */
  readonly share: number;
  /** Default: those that pass. */
  readonly kinds?: readonly FaultName[];
}): FaultPlan => {
  const kinds = options.kinds ?? PASSING_FAULTS;
  let state = options.seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => {
    if (next() >= options.share) return undefined;
    const kind = kinds[Math.floor(next() * kinds.length)];
    return kind === undefined ? undefined : NAMED_FAULTS[kind];
  };
};

const isName = (kind: unknown): kind is FaultName =>
  (typeof kind === 'string' || typeof kind === 'number') && Object.hasOwn(NAMED_FAULTS, kind);

const CUSTOM_KINDS = new Set<unknown>(['status', ...Object.values(NAMED_FAULTS).map(({ kind }) => kind)]);

const faultOf = (json: Readonly<Record<string, unknown>>): Fault => {
  if (isName(json.kind)) return { ...NAMED_FAULTS[json.kind], ...withoutScope(json) };
  if (CUSTOM_KINDS.has(json.kind)) return withoutScope(json, true) as unknown as Fault;
  throw invalid(`There is no fault '${String(json.kind)}'. Known: ${Object.keys(NAMED_FAULTS).join(', ')}`);
};

const SCOPE = new Set(['path', 'method', 'times', 'after', 'exact']);

const withoutScope = (json: Readonly<Record<string, unknown>>, keepKind = false): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(json).filter(([name]) => !SCOPE.has(name) && (keepKind || name !== 'kind')),
  );

/** One fault for some requests: with this method, a path that begins so (or with `exact` is so), `times` of them behind the first `after`. */
const scripted = (json: Readonly<Record<string, unknown>>): FaultPlan => {
  const fault = faultOf(json);
  let skip = Number(json.after ?? 0);
  let left = Number(json.times ?? 1);
  return ({ path, method }) => {
    const fits = json.exact === true ? path === json.path : path.startsWith(textOf(json.path));
    if (!fits) return undefined;
    if (typeof json.method === 'string' && method !== json.method) return undefined;
    if (skip > 0) {
      skip -= 1;
      return undefined;
    }
    if (left <= 0) return undefined;
    left -= 1;
    return fault;
  };
};

const firstOf = (plans: readonly FaultPlan[]): FaultPlan => {
  return (request) => {
    for (const plan of plans) {
      const fault = plan(request);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
};

/**
 * The JSON form that other processes send: `{kind: "random", seed, share, kinds}`; one fault with its scope,
 * `{kind: "502", path, exact, method, times, after}`; `{plans: [...]}`, of which the first that applies counts; or
 * `{kind: "none"}`.
 * @throws ApiError 400
 */
export const planFromJson = (json: Readonly<Record<string, unknown>>): FaultPlan | undefined => {
  if (Array.isArray(json.plans))
    return firstOf(
      json.plans.flatMap((plan) => planFromJson(plan as Readonly<Record<string, unknown>>) ?? []),
    );
  if (json.kind === 'none') return undefined;
  if (json.kind !== 'random') return scripted(json);
  const { kinds } = json;
  if (kinds !== undefined && !(Array.isArray(kinds) && kinds.every(isName)))
    throw invalid('kinds must be a list of faults');
  return randomFaults({
    seed: Number(json.seed ?? 1),
    share: Number(json.share ?? 0.2),
    ...(kinds === undefined ? {} : { kinds }),
  });
};

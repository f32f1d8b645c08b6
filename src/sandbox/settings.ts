import { type Behaviour, DEFAULT_BEHAVIOUR } from './api/behaviour.ts';
import { ApiError } from './errors.ts';

/** What may be changed while the sandbox runs, through `POST /__sandbox/settings`. */
export interface Settings extends Behaviour {
  /** Added to every answer, and again for each item that a page asks for (TRAPS T22). */
  readonly latencyMs: number;
  readonly latencyMsPerItem: number;
  /** Calls a minute, in windows of ten seconds; null: no limit, but headers. */
  readonly rateLimitPerMinute: number | null;
  /** Calls that other apps of the workspace take from every window. */
  readonly otherCallsPerWindow: number;
  /** Seconds that a change takes to be found by a search (API-FACTS 4.6). */
  readonly indexLagSeconds: number;
  /** Seconds that the sandbox's clock is ahead (TRAPS T56). */
  readonly clockOffsetSeconds: number;
}

export const DEFAULT_SETTINGS: Settings = {
  ...DEFAULT_BEHAVIOUR,
  latencyMs: 0,
  latencyMsPerItem: 0,
  rateLimitPerMinute: null,
  otherCallsPerWindow: 0,
  indexLagSeconds: 0,
  clockOffsetSeconds: 0,
};

const isCount = (value: unknown): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';
const SORTS = new Set<unknown>(['honoured', 'ignored', 'reversed']);

const CHECKS: Readonly<Record<keyof Settings, (value: unknown) => boolean>> = {
  inclusiveBounds: isBoolean,
  sort: (value) => SORTS.has(value),
  scrollIdleSeconds: isCount,
  foreignScroll: isBoolean,
  latencyMs: isCount,
  latencyMsPerItem: isCount,
  rateLimitPerMinute: (value) => value === null || (isCount(value) && value !== 0),
  otherCallsPerWindow: isCount,
  indexLagSeconds: isCount,
  clockOffsetSeconds: (value) => typeof value === 'number' && Number.isFinite(value),
};

/** Settings with some of them replaced. @throws ApiError 400 that names the one that is wrong */
export const withSettings = (settings: Settings, changes: Readonly<Record<string, unknown>>): Settings => {
  for (const [name, value] of Object.entries(changes)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof Settings] : undefined;
    if (check === undefined)
      throw new ApiError(
        400,
        'parameter_invalid',
        `There is no setting '${name}'. Known: ${Object.keys(CHECKS).join(', ')}`,
      );
    if (!check(value)) throw new ApiError(400, 'parameter_invalid', `The value of '${name}' is not allowed`);
  }
  return { ...settings, ...changes };
};

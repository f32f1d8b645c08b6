import { type Behaviour, DEFAULT_BEHAVIOUR } from './api/behaviour.ts';
import { ApiError } from './errors.ts';
import { isVersion } from './versions.ts';

/** What may be changed while the sandbox runs, through `POST /__sandbox/settings`. */
export interface Settings extends Behaviour {
  /** Every token is refused, as by the host of another region (TRAPS T53, T67). */
  readonly refusesTokens: boolean;
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
  /** Where changes are told to, as Intercom's webhooks would; null: nowhere (API-FACTS 8). */
  readonly webhookUrl: string | null;
  /** The app's client secret, which signs them. */
  readonly webhookSecret: string;
  /** Shares of the notifications that are lost, and that come twice (TRAPS T91). */
  readonly webhookDropShare: number;
  readonly webhookRepeatShare: number;
  /** Pause before the one retry. */
  readonly webhookRetryMs: number;
}

export const DEFAULT_SETTINGS: Settings = {
  ...DEFAULT_BEHAVIOUR,
  refusesTokens: false,
  latencyMs: 0,
  latencyMsPerItem: 0,
  rateLimitPerMinute: null,
  otherCallsPerWindow: 0,
  indexLagSeconds: 0,
  clockOffsetSeconds: 0,
  webhookUrl: null,
  webhookSecret: 'sandbox-secret',
  webhookDropShare: 0,
  webhookRepeatShare: 0,
  webhookRetryMs: 60_000,
};

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => isNumber(value) && Number(value) >= 0;
const isShare: Check = (value) => isCount(value) && Number(value) <= 1;
const isBoolean: Check = (value) => typeof value === 'boolean';
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isTextList: Check = (value) => Array.isArray(value) && value.every(isText);
/** Page 1 is never empty: no cursor leads to it. */
const isEvery: Check = (value) => isCount(value) && value !== 1;
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

const isTimeZone: Check = (value) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: String(value) }).format(0);
    return isText(value);
  } catch {
    return false;
  }
};

const CHECKS: Readonly<Record<keyof Settings, Check>> = {
  inclusiveBounds: isBoolean,
  sort: oneOf('honoured', 'ignored', 'reversed'),
  missingScopes: isTextList,
  missingScopeStatus: oneOf(401, 403),
  planRestricted: isTextList,
  newestVersion: isVersion,
  contactDates: oneOf('day', 'exactSecond', null),
  hiddenAroundMidnightSeconds: isCount,
  nextPage: oneOf('object', 'url'),
  lastPage: oneOf('absent', 'null', 'nullCursor'),
  emptyPageEvery: isEvery,
  shortPageEvery: isEvery,
  scrollIdleSeconds: isCount,
  foreignScroll: isBoolean,
  region: oneOf('US', 'EU', 'AU', null),
  workspaceId: orNull(isText),
  timeZone: orNull(isTimeZone),
  refusesTokens: isBoolean,
  latencyMs: isCount,
  latencyMsPerItem: isCount,
  rateLimitPerMinute: orNull((value) => isCount(value) && value !== 0),
  otherCallsPerWindow: isCount,
  indexLagSeconds: isCount,
  clockOffsetSeconds: isNumber,
  webhookUrl: orNull((value) => isText(value) && URL.canParse(String(value))),
  webhookSecret: isText,
  webhookDropShare: isShare,
  webhookRepeatShare: isShare,
  webhookRetryMs: isCount,
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

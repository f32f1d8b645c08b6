import type { AccessLog } from './access-log.ts';
import { ApiError, invalid } from './errors.ts';
import { planFromJson } from './fault-plan.ts';
import type { FaultPlan } from './faults.ts';
import type { Mutations } from './live/mutations.ts';
import { type Settings, withSettings } from './settings.ts';
import { textOf } from './text-of.ts';
import type { JsonObject } from './world.ts';

/** What can be steered from another process. */
export interface Steering {
  readonly log: AccessLog;
  readonly mutate: Mutations;
  settings: Settings;
  faults: FaultPlan | undefined;
  /** Mutations that wait for a request: done before the request of that number is answered. */
  readonly scheduled: { readonly before: number; readonly run: () => void }[];
}

export const CONTROL_PREFIX = '/__sandbox/';

/** `{op, args}` → one of the mutations; with `before: n` it waits for the n-th request. */
const mutate = (steering: Steering, body: JsonObject): unknown => {
  const { mutate: mutations, scheduled } = steering;
  const op = textOf(body.op);
  if (!Object.hasOwn(mutations, op))
    throw invalid(`There is no operation '${op}'. Known: ${Object.keys(mutations).join(', ')}`);
  const run = (): unknown =>
    (mutations[op as keyof Mutations] as (...args: unknown[]) => unknown)(
      ...(Array.isArray(body.args) ? body.args : []),
    );
  if (typeof body.before !== 'number') return { result: run() ?? null };
  scheduled.push({ before: body.before, run });
  return { scheduled: body.before };
};

/** Runs what was scheduled for this request or an earlier one. */
export const runScheduled = ({ scheduled }: Steering, count: number): void => {
  for (let index = scheduled.length - 1; index >= 0; index -= 1) {
    const entry = scheduled[index];
    if (entry === undefined || entry.before > count) continue;
    scheduled.splice(index, 1);
    entry.run();
  }
};

/**
 * Steers the sandbox from another process; without a token, and outside of latency, limits and log:
 * `GET requests` (counts) · `GET log` (the latest requests) · `POST mutate` `{op, args, before?}` ·
 * `POST faults` (`planFromJson`) · `POST settings` (those to change; answers with all of them).
 * @throws ApiError
 */
export const control = (steering: Steering, path: string, body: JsonObject): unknown => {
  switch (path.slice(CONTROL_PREFIX.length)) {
    case 'requests':
      return steering.log.counts();
    case 'log':
      return steering.log.entries();
    case 'mutate':
      return mutate(steering, body);
    case 'faults':
      steering.faults = planFromJson(body);
      return { ok: true };
    case 'settings':
      steering.settings = withSettings(steering.settings, body);
      return steering.settings;
    default:
      throw new ApiError(404, 'not_found', 'not found');
  }
};

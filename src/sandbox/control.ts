import type { AccessLog } from './access-log.ts';
import { ApiError, invalid } from './errors.ts';
import { planFromJson } from './fault-plan.ts';
import type { FaultPlan } from './faults.ts';
import type { Mutations } from './live/mutations.ts';
import type { ObjectPage } from './objects.ts';
import { type Settings, withSettings } from './settings.ts';
import { textOf } from './text-of.ts';
import type { WebhookCounts } from './webhooks.ts';
import type { JsonObject } from './world.ts';

/** What can be steered from another process. */
export interface Steering {
  readonly log: AccessLog;
  readonly mutate: Mutations;
  settings: Settings;
  faults: FaultPlan | undefined;
  /** Mutations that wait for requests. */
  readonly scheduled: Scheduled[];
  readonly webhooks: () => WebhookCounts;
  readonly objects: (kind: string, from?: number, limit?: number) => ObjectPage;
}

/** Done before the request of a number is answered, or before each request to a path, as often as there are arguments. */
export interface Scheduled {
  readonly before?: number;
  readonly path?: string;
  /** @returns whether there is more to do */
  readonly run: () => boolean;
}

export const CONTROL_PREFIX = '/__sandbox/';

const argsOf = (args: unknown): readonly unknown[] => (Array.isArray(args) ? args : []);

/**
 * `{op, args}` → one of the mutations; with `before: n` it waits for the n-th request. `{op, path, each: [[…], …]}`: before each
 * request to a path that begins so, once with the next arguments (TRAPS T02).
 */
const mutate = (steering: Steering, body: JsonObject): unknown => {
  const { mutate: mutations, scheduled } = steering;
  const op = textOf(body.op);
  if (!Object.hasOwn(mutations, op))
    throw invalid(`There is no operation '${op}'. Known: ${Object.keys(mutations).join(', ')}`);
  const run = (args: unknown): unknown =>
    (mutations[op as keyof Mutations] as (...given: unknown[]) => unknown)(...argsOf(args));
  if (Array.isArray(body.each)) {
    const waiting = [...body.each];
    const more = (): boolean => {
      run(waiting.shift());
      return waiting.length > 0;
    };
    scheduled.push({ path: textOf(body.path), run: more });
    return { scheduled: waiting.length };
  }
  if (typeof body.before !== 'number') return { result: run(body.args) ?? null };
  const once = (): boolean => {
    run(body.args);
    return false;
  };
  scheduled.push({ before: body.before, run: once });
  return { scheduled: body.before };
};

/** Runs what was scheduled for this request or an earlier one. */
export const runScheduled = ({ scheduled }: Steering, count: number, path: string): void => {
  for (let index = scheduled.length - 1; index >= 0; index -= 1) {
    const entry = scheduled[index];
    if (entry === undefined) continue;
    const due = entry.path === undefined ? (entry.before ?? 0) <= count : path.startsWith(entry.path);
    if (due && !entry.run()) scheduled.splice(index, 1);
  }
};

/**
 * Steers the sandbox from another process; without a token, and outside of latency, limits and log:
 * `GET requests` (counts) · `GET log` (the latest requests) · `POST mutate` `{op, args, before?}` ·
 * `POST faults` (`planFromJson`) · `POST settings` (those to change; answers with all of them) ·
 * `GET objects?kind=&from=&limit=` (what it holds now) · `GET webhooks` (counts).
 * @throws ApiError
 */
export const control = (steering: Steering, url: URL, body: JsonObject): unknown => {
  const { pathname, searchParams: query } = url;
  switch (pathname.slice(CONTROL_PREFIX.length)) {
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
    case 'objects':
      return steering.objects(
        query.get('kind') ?? '',
        Number(query.get('from') ?? 0),
        Number(query.get('limit') ?? 1_000),
      );
    case 'webhooks':
      return steering.webhooks();
    default:
      throw new ApiError(404, 'not_found', 'not found');
  }
};

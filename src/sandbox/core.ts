import type { IncomingMessage } from 'node:http';
import { type AccessEntry, createAccessLog } from './access-log.ts';
import { createApi } from './api/api.ts';
import { createRouter } from './api/routes.ts';
import type { Steering } from './control.ts';
import { ApiError, errorEnvelope, requestIdOf } from './errors.ts';
import type { FaultPlan } from './faults.ts';
import { checkAccept, tokenOf, versionOf } from './gate.ts';
import { createLiveWorld } from './live/live-world.ts';
import { createMutations } from './live/mutations.ts';
import { objectsOf } from './objects.ts';
import { createRateWindows } from './rate-windows.ts';
import type { Answer } from './respond.ts';
import { DEFAULT_SETTINGS, type Settings, withSettings } from './settings.ts';
import type { createWaits } from './waits.ts';
import { createWebhooks } from './webhooks.ts';
import type { JsonObject, World } from './world.ts';

export interface CoreOptions extends Partial<Settings> {
  readonly world: World;
  /** Hears of every request when it has been answered. */
  readonly accessLog?: (entry: AccessEntry) => void;
  readonly faults?: FaultPlan;
  /** Unix ms. */
  readonly clock?: { now(): number };
}

/** A request on its way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly method: string;
  readonly body: JsonObject;
  readonly count: number;
}

const settingsIn = (options: CoreOptions): Record<string, unknown> =>
  Object.fromEntries(
    Object.keys(DEFAULT_SETTINGS).flatMap((name) => {
      const value = options[name as keyof Settings];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** The part of a sandbox that answers: world, settings and counters, without a socket. */
export const createCore = (options: CoreOptions, waits: ReturnType<typeof createWaits>) => {
  const { world, accessLog, faults, clock: given } = options;
  const clock = given ?? { now: () => Date.now() };
  const steering: Omit<Steering, 'mutate' | 'webhooks' | 'objects'> = {
    log: createAccessLog(accessLog),
    settings: withSettings(DEFAULT_SETTINGS, settingsIn(options)),
    faults,
    scheduled: [],
  };
  const now = (): number => clock.now() + steering.settings.clockOffsetSeconds * 1000;
  const live = createLiveWorld(world, {
    now: () => Math.floor(now() / 1000),
    indexLag: () => steering.settings.indexLagSeconds,
  });
  const webhooks = createWebhooks({
    settings: () => steering.settings,
    now,
    workspaceId: () => steering.settings.workspaceId ?? world.workspace.id_code,
    waits,
  });
  const route = createRouter(createApi(live, () => steering.settings));
  const rate = createRateWindows();

  /** Token, rate limit, version and Accept are looked at in this order, then the request itself. */
  const answer = (exchange: Exchange, problem: ApiError | undefined): Answer => {
    const { request, url, method, body, count } = exchange;
    const requestId = requestIdOf(count);
    const headers: Record<string, string> = {
      Date: new Date(now()).toUTCString(),
      'Content-Type': 'application/json; charset=utf-8',
      'X-Request-Id': requestId,
    };
    const answerWith = (status: number, json: JsonObject, more: Readonly<Record<string, string>> = {}) => ({
      status,
      headers: { ...headers, ...more },
      body: Buffer.from(JSON.stringify(json)),
    });
    try {
      const token = tokenOf(request.headers, steering.settings.refusesTokens);
      const taken = rate.take(now(), steering.settings);
      Object.assign(headers, taken.headers);
      if (!taken.allowed)
        throw new ApiError(429, 'rate_limit_exceeded', `Exceeded rate limit of ${taken.limit} in 10_seconds`);
      const version = versionOf(request.headers, steering.settings.newestVersion);
      headers['Intercom-Version'] = version;
      checkAccept(request.headers);
      if (problem !== undefined) throw problem;
      return answerWith(
        200,
        route({ method, path: url.pathname, query: url.searchParams, body, token, version }),
      );
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return answerWith(error.status, errorEnvelope(requestId, error.code, error.message), error.headers);
    }
  };
  const more = {
    mutate: createMutations(live, webhooks.tell),
    webhooks: webhooks.counts,
    objects: (kind: string, from?: number, limit?: number) => objectsOf(live, kind, from, limit),
  };
  return { steering: Object.assign(steering, more), answer, now, webhooks };
};

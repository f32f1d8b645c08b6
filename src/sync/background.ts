import { setTimeout as sleep } from 'node:timers/promises';
import type { RunScope } from '../data/run-scope.ts';
import { AppError, isAppError, toAppError } from '../errors/app-error.ts';
import { type HeldLease, tryLease } from './lease-keeper.ts';
import { msSince } from './ms-since.ts';
import { fetchWoken } from './obey-wakes.ts';
import { openContext, type RunDeps, runOnce, type StoredResult } from './run-once.ts';
import { RunReport } from './run-report.ts';
import type { BackgroundOptions } from './types.ts';

/** Pause after a failed run. */
const RETRY_PAUSE_MS = 30_000;
/** How often the holder of the lease looks whether somebody asks for a sync. */
const REQUEST_POLL_MS = 500;
/** A process that does not hold the lease looks for it this many times within the lease's time. */
const STANDBY_LOOKS = 6;

export interface BackgroundDeps extends RunDeps {
  /** The bound workspace; asks Intercom the first time. */
  readonly verify: (signal?: AbortSignal) => Promise<string>;
}

type Started = BackgroundOptions & { readonly since: number };

export interface Background {
  start(options: BackgroundOptions): void;
  stop(): Promise<void>;
  /** Ends the pause that it makes, if it does: somebody asks for a sync now. */
  nudge(): void;
  paused(): AppError | undefined;
}

/** All that was asked for, in one run. */
const joined = (requests: readonly RunScope[]): RunScope => {
  const full = requests.some((request) => request.full);
  const verify = requests.some((request) => request.verify);
  const names = requests.map((request) => request.only);
  if (names.includes(null)) return { only: null, full, verify };
  return { only: [...new Set(names.flatMap((only) => only ?? []))], full, verify };
};

/**
 * The sync of a process that serves. Of all such processes one holds the lease and syncs every `pollMs`; it also does
 * what others ask for. The rest stand by, and one of them takes over when it goes.
 */
export const createBackground = (deps: BackgroundDeps): Background => {
  const { logger, store, tuning, verify } = deps;
  let pausedBy: AppError | undefined;
  let running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  const pauses = new Set<AbortController>();

  const rest = async (ms: number, signal: AbortSignal): Promise<void> => {
    const pause = new AbortController();
    const end = (): void => pause.abort();
    if (signal.aborted) return;
    signal.addEventListener('abort', end, { once: true });
    pauses.add(pause);
    await sleep(ms, undefined, { signal: pause.signal, ref: false }).catch(() => undefined);
    pauses.delete(pause);
    signal.removeEventListener('abort', end);
  };

  /** How long it is until the first run is due, ms: that of another process may have ended a moment ago. */
  const firstPause = async (
    workspaceId: string,
    scope: RunScope,
    { pollMs, since }: Started,
  ): Promise<number> => {
    const askedMsAgo = Math.min(pollMs, msSince(since));
    const last = await store.read('findAnswer', { workspaceId, scope, askedMsAgo });
    if (last === null || (JSON.parse(last.result) as StoredResult).status === 'failed') return 0;
    return pollMs - last.endedMsAgo;
  };

  /** Until the next poll is due or somebody asks for a run; what webhooks announce is fetched meanwhile. */
  const nextRequest = async (
    workspaceId: string,
    pauseMs: number,
    signal: AbortSignal,
    obeyWebhooks: () => Promise<void>,
  ): Promise<RunScope | undefined> => {
    const due = performance.now() + pauseMs;
    while (!signal.aborted && performance.now() < due) {
      const requests = await store.read('listRequests', { workspaceId });
      if (requests.length > 0) return joined(requests);
      await obeyWebhooks();
      await rest(Math.min(REQUEST_POLL_MS, Math.max(0, due - performance.now())), signal);
    }
    return undefined;
  };

  const syncUnder = async (
    lease: HeldLease,
    workspaceId: string,
    options: Started,
    stopped: AbortSignal,
  ): Promise<void> => {
    const signal = AbortSignal.any([stopped, lease.lost]);
    const usual: RunScope = { only: options.only ?? null, full: false };
    const context = openContext(
      deps,
      lease,
      { workspaceId, signal, pollMs: options.pollMs },
      new RunReport(deps.client),
    );
    const next = (pauseMs: number): Promise<RunScope | undefined> =>
      nextRequest(workspaceId, pauseMs, signal, () => fetchWoken(context));
    let asked = await next(await firstPause(workspaceId, usual, options));
    while (!signal.aborted) {
      const result = await runOnce(deps, lease, {
        workspaceId,
        scope: asked ?? usual,
        signal,
        onProgress: options.onProgress,
        // What a person asks for is done at once and in full.
        pollMs: asked === undefined ? options.pollMs : undefined,
      });
      pausedBy = undefined;
      await options.onResult?.(result);
      asked = await next(options.pollMs);
    }
  };

  /** One turn at the lease. @returns pause before the next one, ms */
  const turn = async (options: Started, signal: AbortSignal): Promise<number> => {
    const workspaceId = await verify(signal);
    const lease = await tryLease(store, workspaceId, tuning.leaseMs);
    if (lease !== undefined) {
      try {
        await syncUnder(lease, workspaceId, options, signal);
      } finally {
        await lease.release();
      }
    }
    return tuning.leaseMs / STANDBY_LOOKS;
  };

  const loop = async (options: Started, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const pause = await turn(options, signal).catch((error: unknown) => {
        if (signal.aborted) return 0;
        const known = toAppError(error);
        if (known.code === 'SYNC_LEASE_LOST') return tuning.leaseMs / STANDBY_LOOKS;
        pausedBy = known.retryable ? undefined : known;
        const err = isAppError(error) ? undefined : error;
        logger.warn({ code: known.code, err }, 'background sync failed, will try again');
        options.onFailure?.(known);
        return Math.max(options.pollMs, RETRY_PAUSE_MS);
      });
      await rest(pause, signal);
    }
  };

  return {
    start(options) {
      if (running) return;
      const abort = new AbortController();
      const { since = performance.now() } = options;
      running = { abort, done: loop({ ...options, since }, abort.signal) };
    },
    async stop() {
      running?.abort.abort(new AppError('STORE_CLOSED'));
      await running?.done.catch(() => undefined);
      running = undefined;
    },
    nudge() {
      for (const pause of pauses) pause.abort();
    },
    paused: () => pausedBy,
  };
};

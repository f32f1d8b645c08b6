import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunScope } from '../data/run-scope.ts';
import type { Store } from '../data/store.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { ERROR_CODES, type ErrorCode } from '../errors/codes.ts';
import type { IntercomClient } from '../intercom/client.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createBackground } from './background.ts';
import { identifyWorkspace } from './identify.ts';
import { createKindLog } from './kind-log.ts';
import { tryLease } from './lease-keeper.ts';
import { msSince } from './ms-since.ts';
import { DEFAULT_TUNING, type SyncTuning } from './run-context.ts';
import { chosenEntities } from './run-entities.ts';
import { type RunDeps, runOnce, type StoredResult } from './run-once.ts';
import { RunReport } from './run-report.ts';
import type { BackgroundOptions, RunOptions, SyncResult } from './types.ts';

/** How often a process that waits for another one's run looks for its answer, and for the lease. */
const WAIT_POLL_MS = 200;
const POLLS_PER_LEASE_TRY = 5;

export interface SyncServiceDeps extends Partial<SyncTuning> {
  readonly store: Store;
  readonly client: IntercomClient;
  readonly alias: string;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface SyncService {
  /**
   * The id of the workspace that the token belongs to; asks Intercom the first time, and binds the alias.
   * @throws AppError INTERCOM_*, SYNC_WORKSPACE_MISMATCH, STORE_*
   */
  identify(signal?: AbortSignal): Promise<string>;
  /**
   * One complete sync. Where another process syncs this workspace, or has done so since this was asked for, it does the work,
   * and its result is given back.
   * @throws AppError when nothing could be done (INTERCOM_UNAUTHORIZED, SYNC_WORKSPACE_MISMATCH, STORE_*…)
   */
  run(options?: RunOptions): Promise<SyncResult>;
  /**
   * Asks for a sync and does not wait: whoever holds the lease does it, this process's background or another's.
   * @throws AppError when it is clear that nothing can be done (INTERCOM_UNAUTHORIZED, SYNC_WORKSPACE_MISMATCH, STORE_*…)
   */
  ask(): Promise<SyncTicket>;
  /** Syncs again and again in the background until {@link stop}; of several processes only one does. */
  start(options: BackgroundOptions): void;
  /** Ends a background sync; what is under way is continued by the next one. */
  stop(): Promise<void>;
  /** Why the background sync stands still, if it does. */
  paused(): AppError | undefined;
}

/** A sync that was asked for. */
export interface SyncTicket {
  readonly workspaceId: string;
  /** Null while it is not over. @throws AppError with the code that it failed with */
  outcome(): Promise<SyncResult | null>;
  /** Its outcome is no longer wanted; a sync that is under way goes on. */
  forget(): Promise<void>;
}

const toScope = (options: RunOptions): RunScope => ({
  only: options.only === undefined || options.only.length === 0 ? null : chosenEntities(options.only),
  full: options.full ?? false,
  verify: options.verify ?? false,
});

/** A sync as somebody wants it. */
interface Wish extends RunOptions {
  readonly workspaceId: string;
  readonly scope: RunScope;
  readonly askedAt: number;
}

/** @throws AppError with the code that a failed run ended with */
const resultOf = (json: string): SyncResult => {
  const { code, ...result } = JSON.parse(json) as StoredResult;
  if (result.status !== 'failed') return result;
  throw new AppError(code !== undefined && code in ERROR_CODES ? (code as ErrorCode) : 'INTERNAL');
};

export const createSyncService = (service: SyncServiceDeps): SyncService => {
  const { alias, client, logger, store } = service;
  const given = Object.entries(service).filter(
    ([name, value]) => name in DEFAULT_TUNING && value !== undefined,
  );
  const tuning: SyncTuning = { ...DEFAULT_TUNING, ...Object.fromEntries(given) };
  const deps: RunDeps = {
    store,
    client,
    logger,
    clock: service.clock ?? systemClock,
    tuning,
    noteKinds: createKindLog(logger),
  };
  let verifiedWorkspace: string | undefined;

  /** What keeps a sync from beginning, for `status`. */
  const noteRefusal = (code: string): Promise<unknown> =>
    store
      .write('noteRefusal', { alias, runId: randomUUID(), now: deps.clock.now(), code })
      .catch(() => logger.warn({ code }, 'a refusal could not be stored'));

  /** Whose token it is, asked once a process; the alias is bound before anything else is written. */
  const verify = async (signal?: AbortSignal): Promise<string> => {
    if (verifiedWorkspace !== undefined) return verifiedWorkspace;
    const { workspace } = await identifyWorkspace(client, signal).catch(async (error: unknown) => {
      if (isAppError(error, 'INTERCOM_UNAUTHORIZED')) await noteRefusal(error.code);
      throw error;
    });
    await store.write('bindWorkspace', { alias, workspace });
    verifiedWorkspace = workspace.id;
    return workspace.id;
  };

  const background = createBackground({ ...deps, verify });

  /** Under the lease, where it is free; undefined where it is not. */
  const runMyself = async (wish: Wish): Promise<SyncResult | undefined> => {
    const { askedAt, onProgress, scope, signal, workspaceId } = wish;
    const lease = await tryLease(store, workspaceId, tuning.leaseMs);
    if (lease === undefined) return undefined;
    try {
      // Nobody else ends a run now: what is not there will not come.
      const asked = { workspaceId, scope, askedMsAgo: msSince(askedAt) };
      const answer = await store.read('findAnswer', asked);
      if (answer !== null) return resultOf(answer.result);
      return await runOnce(deps, lease, { workspaceId, scope, signal, onProgress });
    } finally {
      await lease.release();
    }
  };

  /** Leaves the work to the holder of the lease, and takes it over should that one go. */
  const askForRun = async (wish: Wish): Promise<SyncResult> => {
    const { askedAt, onProgress, scope, signal, workspaceId } = wish;
    const requestId = randomUUID();
    const request = { workspaceId, requestId };
    const report = new RunReport(client, onProgress);
    report.phase = 'waiting';
    const askedMsAgo = msSince(askedAt);
    await store.write('requestSync', { ...request, scope, now: deps.clock.now(), askedMsAgo });
    try {
      for (let poll = 1; ; poll += 1) {
        report.tell();
        const answer = await store.read('readRequestResult', request);
        if (answer !== null) return resultOf(answer);
        if (poll % POLLS_PER_LEASE_TRY === 0) {
          const result = await runMyself(wish);
          if (result !== undefined) return result;
        }
        await sleep(WAIT_POLL_MS, undefined, signal ? { signal } : {});
      }
    } finally {
      await store.write('withdrawRequest', request).catch(() => undefined);
    }
  };

  return {
    identify: verify,
    async run(options = {}) {
      const { askedAt = performance.now() } = options;
      const scope = toScope(options);
      const workspaceId = await verify(options.signal);
      options.signal?.throwIfAborted();
      const wish = { ...options, workspaceId, scope, askedAt };
      return (await runMyself(wish)) ?? (await askForRun(wish));
    },
    async ask() {
      const request = { workspaceId: await verify(), requestId: randomUUID() };
      const scope: RunScope = { only: null, full: false };
      await store.write('requestSync', { ...request, scope, now: deps.clock.now() });
      background.nudge();
      return {
        workspaceId: request.workspaceId,
        async outcome() {
          const answer = await store.read('readRequestResult', request);
          return answer === null ? null : resultOf(answer);
        },
        forget: () => store.write('withdrawRequest', request),
      };
    },
    start: background.start,
    stop: background.stop,
    paused: background.paused,
  };
};

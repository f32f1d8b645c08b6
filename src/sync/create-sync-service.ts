import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunScope } from '../data/writes/runs.ts';
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
   * One complete sync. Where another process syncs this workspace, it does the work, and its result is given back.
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

  const runMyself = async (
    workspaceId: string,
    scope: RunScope,
    options: RunOptions,
  ): Promise<SyncResult | undefined> => {
    const lease = await tryLease(store, workspaceId, tuning.leaseMs);
    if (lease === undefined) return undefined;
    try {
      const { onProgress, signal } = options;
      return await runOnce(deps, lease, { workspaceId, scope, signal, onProgress });
    } finally {
      await lease.release();
    }
  };

  /** Leaves the work to the holder of the lease, and takes it over should that one go. */
  const askForRun = async (
    workspaceId: string,
    scope: RunScope,
    options: RunOptions,
  ): Promise<SyncResult> => {
    const requestId = randomUUID();
    const request = { workspaceId, requestId };
    const report = new RunReport(client, options.onProgress);
    report.phase = 'waiting';
    await store.write('requestSync', { ...request, scope, now: deps.clock.now() });
    try {
      for (let poll = 1; ; poll += 1) {
        report.tell();
        const answer = await store.read('readRequestResult', request);
        if (answer !== null) return resultOf(answer);
        if (poll % POLLS_PER_LEASE_TRY === 0) {
          const result = await runMyself(workspaceId, scope, options);
          if (result !== undefined) return result;
        }
        await sleep(WAIT_POLL_MS, undefined, options.signal ? { signal: options.signal } : {});
      }
    } finally {
      await store.write('withdrawRequest', request).catch(() => undefined);
    }
  };

  return {
    identify: verify,
    async run(options = {}) {
      const scope = toScope(options);
      const workspaceId = await verify(options.signal);
      options.signal?.throwIfAborted();
      return (await runMyself(workspaceId, scope, options)) ?? (await askForRun(workspaceId, scope, options));
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

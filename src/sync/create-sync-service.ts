import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../data/store.ts';
import { AppError, isAppError, toAppError } from '../errors/app-error.ts';
import type { IntercomClient } from '../intercom/client.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { identifyWorkspace } from './identify.ts';
import { createRefusalJudge } from './judge-refusal.ts';
import { type HeldLease, tryLease } from './lease-keeper.ts';
import { DEFAULT_TUNING, type SyncTuning } from './run-context.ts';
import { chosenEntities, runEntities } from './run-entities.ts';
import { RunReport } from './run-report.ts';
import type { RunOptions, SyncProgress, SyncResult } from './types.ts';

/** How often a process that waits for another one's run looks. */
const WAIT_POLL_MS = 200;
/** Pause after a failed background run. */
const RETRY_PAUSE_MS = 30_000;

export interface SyncServiceDeps extends Partial<SyncTuning> {
  readonly store: Store;
  readonly client: IntercomClient;
  readonly alias: string;
  readonly logger: Logger;
  readonly clock?: Clock;
}

export interface SyncService {
  /**
   * One complete sync; joins the run of another process where one is going on.
   * @throws AppError when nothing could be done (INTERCOM_UNAUTHORIZED, SYNC_WORKSPACE_MISMATCH, STORE_*…)
   */
  run(options?: RunOptions): Promise<SyncResult>;
  /** Syncs again and again in the background until {@link stop}. */
  start(options: { readonly pollMs: number; readonly onProgress?: (progress: SyncProgress) => void }): void;
  /** Ends a background sync; what is under way is continued by the next one. */
  stop(): Promise<void>;
  /** Why the background sync stands still, if it does. */
  paused(): AppError | undefined;
}

export const createSyncService = (deps: SyncServiceDeps): SyncService => {
  const { store, client, alias, logger } = deps;
  const clock = deps.clock ?? systemClock;
  const given = Object.entries(deps).filter(([name, value]) => name in DEFAULT_TUNING && value !== undefined);
  const tuning: SyncTuning = { ...DEFAULT_TUNING, ...Object.fromEntries(given) };
  let verifiedWorkspace: string | undefined;
  let pausedBy: AppError | undefined;
  let background: { readonly abort: AbortController; readonly done: Promise<void> } | undefined;

  /** Whose token it is, asked once a process; the alias is bound before anything else is written. */
  const workspaceId = async (signal?: AbortSignal): Promise<string> => {
    if (verifiedWorkspace !== undefined) return verifiedWorkspace;
    const workspace = await identifyWorkspace(client, signal);
    await store.write('bindWorkspace', { alias, workspace });
    verifiedWorkspace = workspace.id;
    return workspace.id;
  };

  const runUnderLease = async (
    workspace: string,
    lease: HeldLease,
    options: RunOptions,
  ): Promise<SyncResult> => {
    const signals = [lease.lost, ...(options.signal ? [options.signal] : [])];
    const report = new RunReport(client, options.onProgress);
    const runId = randomUUID();
    const fence = { workspaceId: workspace, epoch: lease.epoch };
    await store.write('startRun', { fence, runId, now: clock.now() });
    const finish = (status: string, result: string) =>
      store
        .write('finishRun', {
          workspaceId: workspace,
          runId,
          now: clock.now(),
          status,
          requests: report.requests,
          result,
        })
        .catch((error: unknown) =>
          logger.warn({ code: toAppError(error).code }, 'the outcome of a run could not be stored'),
        );
    try {
      report.phase = 'syncing';
      report.tell(true);
      const signal = AbortSignal.any(signals);
      const judgeRefusal = createRefusalJudge(client, signal);
      const context = { store, client, logger, fence, tuning, signal, report, judgeRefusal };
      await runEntities(context, chosenEntities(options.only), options.full ?? false);
      report.phase = 'done';
      report.tell(true);
      const result = report.result();
      await finish(result.status, JSON.stringify(result));
      return result;
    } catch (error) {
      const { code } = toAppError(error);
      const failed: SyncResult = { ...report.result(), status: 'failed', exit_code: 1 };
      await finish(isAppError(error) ? code : 'aborted', JSON.stringify({ ...failed, code }));
      throw error;
    }
  };

  /** The result of the run that another process does; undefined when that process is gone. */
  const joinRun = async (
    workspace: string,
    epoch: number,
    options: RunOptions,
  ): Promise<SyncResult | undefined> => {
    const report = new RunReport(client, options.onProgress);
    report.phase = 'waiting';
    for (;;) {
      report.tell();
      const run = await store.read('findRun', { workspaceId: workspace, epoch });
      if (run !== null && run.finishedAt !== null) {
        const result = run.result === null ? null : (JSON.parse(run.result) as SyncResult);
        return result === null || result.status === 'failed' ? undefined : result;
      }
      await sleep(WAIT_POLL_MS, undefined, options.signal ? { signal: options.signal } : {});
      const lease = await tryLease(store, workspace, tuning.leaseMs, clock);
      if ('held' in lease) {
        await lease.held.release();
        return undefined;
      }
      if (lease.otherEpoch !== epoch) return undefined;
    }
  };

  const run = async (options: RunOptions = {}): Promise<SyncResult> => {
    chosenEntities(options.only);
    const workspace = await workspaceId(options.signal);
    for (;;) {
      options.signal?.throwIfAborted();
      const lease = await tryLease(store, workspace, tuning.leaseMs, clock);
      if ('held' in lease) {
        try {
          return await runUnderLease(workspace, lease.held, options);
        } finally {
          await lease.held.release();
        }
      }
      const joined = await joinRun(workspace, lease.otherEpoch, options);
      if (joined !== undefined) return joined;
    }
  };

  const loop = async (pollMs: number, signal: AbortSignal, onProgress?: (progress: SyncProgress) => void) => {
    while (!signal.aborted) {
      let pause = pollMs;
      try {
        await run({ signal, ...(onProgress ? { onProgress } : {}) });
        pausedBy = undefined;
      } catch (error) {
        if (signal.aborted) return;
        const known = toAppError(error);
        pausedBy = known.retryable ? undefined : known;
        pause = Math.max(pollMs, RETRY_PAUSE_MS);
        logger.warn(
          { code: known.code, err: isAppError(error) ? undefined : error },
          'background sync failed, will try again',
        );
      }
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };

  return {
    run,
    start({ pollMs, onProgress }) {
      if (background) return;
      const abort = new AbortController();
      background = { abort, done: loop(pollMs, abort.signal, onProgress) };
    },
    async stop() {
      background?.abort.abort(new AppError('STORE_CLOSED'));
      await background?.done.catch(() => undefined);
      background = undefined;
    },
    paused: () => pausedBy,
  };
};

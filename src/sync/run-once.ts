import { randomUUID } from 'node:crypto';
import type { Store } from '../data/store.ts';
import type { RunScope } from '../data/writes/runs.ts';
import { isAppError, toAppError } from '../errors/app-error.ts';
import type { IntercomClient } from '../intercom/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createServerQuestion } from './identify.ts';
import { createRefusalJudge } from './judge-refusal.ts';
import type { HeldLease } from './lease-keeper.ts';
import { purgeRedacted } from './purge-redacted.ts';
import type { SyncTuning } from './run-context.ts';
import { chosenEntities, runEntities } from './run-entities.ts';
import { RunReport } from './run-report.ts';
import type { SyncProgress, SyncResult } from './types.ts';

export interface RunDeps {
  readonly store: Store;
  readonly client: IntercomClient;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly tuning: SyncTuning;
}

export interface RunOnceOptions {
  readonly workspaceId: string;
  readonly scope: RunScope;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** See `RunContext.pollMs`. */
  readonly pollMs?: number | undefined;
}

/** The outcome of a run as others read it; `code` where it failed. */
export type StoredResult = SyncResult & { readonly code?: string };

/** One run under a lease that is held; its outcome answers everybody who asked for one. @throws what ended it early */
export const runOnce = async (
  deps: RunDeps,
  lease: HeldLease,
  options: RunOnceOptions,
): Promise<SyncResult> => {
  const { client, clock, logger, store, tuning } = deps;
  const { onProgress, pollMs, scope, workspaceId } = options;
  const signal = AbortSignal.any([lease.lost, ...(options.signal ? [options.signal] : [])]);
  const report = new RunReport(client, onProgress);
  const runId = randomUUID();
  const fence = { workspaceId, epoch: lease.epoch };
  await store.write('startRun', { fence, runId, now: clock.now() });
  const finish = (status: string, result: StoredResult, answers: boolean): Promise<unknown> =>
    store
      .write('finishRun', {
        workspaceId,
        runId,
        scope,
        now: clock.now(),
        status,
        requests: report.requests,
        result: JSON.stringify(result),
        answers,
      })
      .catch((error: unknown) =>
        logger.warn({ code: toAppError(error).code }, 'the outcome of a run could not be stored'),
      );
  try {
    report.phase = 'syncing';
    report.tell(true);
    const context = {
      ...deps,
      fence,
      signal,
      report,
      judgeRefusal: createRefusalJudge(client, signal),
      askServer: createServerQuestion(client, workspaceId, signal),
      pollMs,
      tuning,
    };
    if (pollMs === undefined) await store.write('releaseParked', { fence });
    await runEntities(context, chosenEntities(scope.only ?? undefined), scope.full);
    await purgeRedacted(context);
    report.phase = 'done';
    report.tell(true);
    const result = report.result();
    await finish(result.status, result, true);
    return result;
  } catch (error) {
    // A run that was stopped, or whose lease went to another process, answers nobody: another one will.
    const stopped = signal.aborted;
    const code = isAppError(error) ? error.code : stopped ? 'aborted' : 'INTERNAL';
    await finish(code, { ...report.result(), status: 'failed', exit_code: 1, code }, !stopped);
    throw error;
  }
};

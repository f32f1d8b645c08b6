import { randomUUID } from 'node:crypto';
import type { Store } from '../data/store.ts';
import type { RunScope } from '../data/run-scope.ts';
import { isAppError, toAppError } from '../errors/app-error.ts';
import type { IntercomClient } from '../intercom/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createServerQuestion } from './identify.ts';
import { createRefusalJudge } from './judge-refusal.ts';
import type { NoteKinds } from './kind-log.ts';
import type { HeldLease } from './lease-keeper.ts';
import { purgeRedacted } from './purge-redacted.ts';
import { noteProgress } from './progress-notes.ts';
import type { RunContext, SyncTuning } from './run-context.ts';
import { chosenEntities, runEntities } from './run-entities.ts';
import { RunReport } from './run-report.ts';
import type { SyncProgress, SyncResult } from './types.ts';
import { verificationOf } from './verification.ts';

export interface RunDeps {
  readonly store: Store;
  readonly client: IntercomClient;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly tuning: SyncTuning;
  readonly noteKinds: NoteKinds;
}

export interface RunOnceOptions {
  readonly workspaceId: string;
  readonly scope: RunScope;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
  /** See `RunContext.pollMs`. */
  readonly pollMs?: number | undefined;
}

/** What the steps of one piece of work under a lease share. */
export const openContext = (
  deps: RunDeps,
  lease: HeldLease,
  options: Pick<RunOnceOptions, 'workspaceId' | 'signal' | 'pollMs'> & { readonly scope?: RunScope },
  report: RunReport,
): RunContext => {
  const { workspaceId } = options;
  const signal = AbortSignal.any([lease.lost, ...(options.signal ? [options.signal] : [])]);
  return {
    ...deps,
    fence: { workspaceId, epoch: lease.epoch },
    signal,
    report,
    judgeRefusal: createRefusalJudge(deps.client, signal),
    askServer: createServerQuestion(deps.client, workspaceId, signal),
    pollMs: options.pollMs,
    verify: options.scope?.verify ?? false,
  };
};

/** The outcome of a run as others read it; `code` where it failed. */
export type StoredResult = SyncResult & { readonly code?: string };

/** One run under a lease that is held; its outcome answers everybody who asked for one. @throws what ended it early */
export const runOnce = async (
  deps: RunDeps,
  lease: HeldLease,
  options: RunOnceOptions,
): Promise<SyncResult> => {
  const { client, clock, logger, store } = deps;
  const { onProgress, pollMs, scope, workspaceId } = options;
  const report = new RunReport(client, onProgress);
  const runId = randomUUID();
  const context = openContext(deps, lease, options, report);
  const { fence, signal } = context;
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
  const endNotes = noteProgress({ store, logger, fence, runId, report });
  try {
    report.phase = 'syncing';
    report.tell(true);
    if (pollMs === undefined) await store.write('releaseParked', { fence });
    const entities = chosenEntities(scope.only ?? undefined);
    const begun = context.verify ? (await context.askServer()).time : 0;
    await runEntities(context, entities, scope.full);
    if (context.verify) report.verification = await verificationOf(context, entities, begun);
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
  } finally {
    endNotes();
  }
};

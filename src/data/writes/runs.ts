import type { WriteContext } from '../context.ts';
import { readingHalf, type WriteDb } from '../db.ts';
import { findAnswer } from '../reads/find-answer.ts';
import { findRun } from '../reads/find-run.ts';
import { findWorkspace } from '../reads/find-workspace.ts';
import { covers, type RunScope } from '../run-scope.ts';
import { assertFence, type Fence } from './fence.ts';

export interface RequestSyncArgs {
  readonly workspaceId: string;
  readonly requestId: string;
  readonly scope: RunScope;
  /** Unix ms. */
  readonly now: number;
  /** How long ago it was asked for, ms; default: now. */
  readonly askedMsAgo?: number;
}

/** Asks for a sync: whoever holds the lease answers, a run that is under way counts, or that has ended since it was asked for. */
export const requestSync = async ({ db, flavor }: WriteContext, args: RequestSyncArgs): Promise<void> => {
  const { askedMsAgo = 0, scope, workspaceId } = args;
  const answer = await findAnswer({ db: readingHalf(db), flavor }, { workspaceId, scope, askedMsAgo });
  await db
    .insertInto('sync_requests')
    .values({
      workspace_id: workspaceId,
      request_id: args.requestId,
      scope: JSON.stringify(scope),
      requested_at: args.now,
      finished_at: answer === null ? null : args.now,
      result: answer?.result ?? null,
    })
    .execute();
};

/** Takes a request back. */
export const withdrawRequest = async (
  { db }: WriteContext,
  args: { readonly workspaceId: string; readonly requestId: string },
): Promise<void> => {
  await db
    .deleteFrom('sync_requests')
    .where('workspace_id', '=', args.workspaceId)
    .where('request_id', '=', args.requestId)
    .execute();
};

export interface StartRunArgs {
  readonly fence: Fence;
  readonly runId: string;
  /** Unix ms. */
  readonly now: number;
}

/** Notes that a run began. Runs that a killed process left open are closed as `aborted` first. */
export const startRun = async (context: WriteContext, args: StartRunArgs): Promise<void> => {
  const { db } = context;
  await assertFence(context, args.fence);
  await db
    .updateTable('sync_runs')
    .set({ status: 'aborted', finished_at: args.now })
    .where('workspace_id', '=', args.fence.workspaceId)
    .where('finished_at', 'is', null)
    .execute();
  await db
    .insertInto('sync_runs')
    .values({
      workspace_id: args.fence.workspaceId,
      run_id: args.runId,
      epoch: args.fence.epoch,
      started_at: args.now,
      finished_at: null,
      status: 'running',
      requests: 0,
      result: null,
      progress: null,
      scope: null,
      answered_at: null,
    })
    .execute();
};

export interface NoteRefusalArgs {
  readonly alias: string;
  readonly runId: string;
  /** Unix ms. */
  readonly now: number;
  /** Of the error that let no run begin. */
  readonly code: string;
}

/**
 * Notes that a sync could not even begin, so that `status` can say so, from whatever process. What is refused again and again
 * is one run. Not fenced: it changes no mirrored row, and there is no lease. Nothing is noted of an alias that is not bound.
 */
export const noteRefusal = async ({ db }: WriteContext, args: NoteRefusalArgs): Promise<void> => {
  const { alias, code, now, runId } = args;
  const reading = { db: readingHalf(db) };
  const bound = await findWorkspace(reading, { alias });
  if (bound === null) return;
  const workspaceId = bound.id;
  const last = await findRun(reading, { workspaceId });
  // One that runs in another process has a token that works.
  if (last !== null && last.finishedAt === null) return;
  if (last?.status === code) {
    await db
      .updateTable('sync_runs')
      .set({ finished_at: now })
      .where('workspace_id', '=', workspaceId)
      .where('run_id', '=', last.runId)
      .execute();
    return;
  }
  await db
    .insertInto('sync_runs')
    .values({
      workspace_id: workspaceId,
      run_id: runId,
      epoch: 0,
      started_at: now,
      finished_at: now,
      status: code,
      requests: 0,
      result: null,
      progress: null,
      scope: null,
      answered_at: null,
    })
    .execute();
};

export interface NoteProgressArgs {
  readonly fence: Fence;
  readonly runId: string;
  readonly requests: number;
  /** JSON. */
  readonly progress: string;
}

/** Where a run stands, for everybody who looks, from whatever process. */
export const noteProgress = async (context: WriteContext, args: NoteProgressArgs): Promise<void> => {
  await assertFence(context, args.fence);
  await context.db
    .updateTable('sync_runs')
    .set({ progress: args.progress, requests: args.requests })
    .where('workspace_id', '=', args.fence.workspaceId)
    .where('run_id', '=', args.runId)
    .where('finished_at', 'is', null)
    .execute();
};

export interface FinishRunArgs {
  readonly workspaceId: string;
  readonly runId: string;
  readonly scope: RunScope;
  readonly now: number;
  readonly status: string;
  readonly requests: number;
  /** JSON of the result; it answers who asked, unless the run was only stopped. */
  readonly result: string;
  readonly answers: boolean;
}

/** Runs kept for `status`; older ones go. */
const KEPT_RUNS = 50;
/** Requests whose asker is gone, or that were answered, are forgotten after this time. */
const FORGOTTEN_AFTER_MS = 86_400_000;

/** Writes the outcome, and answers who asked for what this run did. Not fenced: it changes no mirrored row. */
export const finishRun = async ({ db, flavor }: WriteContext, args: FinishRunArgs): Promise<void> => {
  const { now, result, workspaceId } = args;
  await db
    .updateTable('sync_runs')
    .set({
      finished_at: now,
      status: args.status,
      requests: args.requests,
      result,
      scope: JSON.stringify(args.scope),
      answered_at: args.answers ? flavor.now() : null,
    })
    .where('workspace_id', '=', workspaceId)
    .where('run_id', '=', args.runId)
    .execute();
  if (args.answers) await answerRequests(db, args);
  await db
    .deleteFrom('sync_requests')
    .where('workspace_id', '=', workspaceId)
    .where('requested_at', '<', now - FORGOTTEN_AFTER_MS)
    .execute();
  await db
    .deleteFrom('sync_runs')
    .where('workspace_id', '=', workspaceId)
    .where('run_id', 'not in', (eb) =>
      eb
        .selectFrom('sync_runs')
        .select('run_id')
        .where('workspace_id', '=', workspaceId)
        .orderBy('started_at', 'desc')
        .limit(KEPT_RUNS),
    )
    .execute();
};

const answerRequests = async (db: WriteDb, args: FinishRunArgs): Promise<void> => {
  const { now, result, scope, workspaceId } = args;
  const open = await db
    .selectFrom('sync_requests')
    .select(['request_id', 'scope'])
    .where('workspace_id', '=', workspaceId)
    .where('finished_at', 'is', null)
    .execute();
  const answered = open.filter((row) => covers(scope, JSON.parse(row.scope) as RunScope));
  if (answered.length === 0) return;
  await db
    .updateTable('sync_requests')
    .set({ finished_at: now, result })
    .where('workspace_id', '=', workspaceId)
    .where(
      'request_id',
      'in',
      answered.map((row) => row.request_id),
    )
    .execute();
};

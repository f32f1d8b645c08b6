import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';

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
    })
    .execute();
};

export interface FinishRunArgs {
  readonly workspaceId: string;
  readonly runId: string;
  readonly now: number;
  readonly status: string;
  readonly requests: number;
  readonly result: string;
}

/** Runs kept for `status`; older ones go. */
const KEPT_RUNS = 50;

/** Writes the outcome that a waiting second process reads. Not fenced: it changes no mirrored row. */
export const finishRun = async ({ db }: WriteContext, args: FinishRunArgs): Promise<void> => {
  await db
    .updateTable('sync_runs')
    .set({ finished_at: args.now, status: args.status, requests: args.requests, result: args.result })
    .where('workspace_id', '=', args.workspaceId)
    .where('run_id', '=', args.runId)
    .execute();
  await db
    .deleteFrom('sync_runs')
    .where('workspace_id', '=', args.workspaceId)
    .where('run_id', 'not in', (eb) =>
      eb
        .selectFrom('sync_runs')
        .select('run_id')
        .where('workspace_id', '=', args.workspaceId)
        .orderBy('started_at', 'desc')
        .limit(KEPT_RUNS),
    )
    .execute();
};

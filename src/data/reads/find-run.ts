import type { ReadContext } from '../context.ts';

export interface RunRow {
  readonly runId: string;
  readonly epoch: number;
  /** Unix ms. */
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly status: string;
  readonly requests: number;
  /** JSON of the result. */
  readonly result: string | null;
  /** JSON of where it stands. */
  readonly progress: string | null;
}

/** The newest run of a workspace. */
export const findRun = async (
  { db }: Pick<ReadContext, 'db'>,
  args: { readonly workspaceId: string },
): Promise<RunRow | null> => {
  const row = await db
    .selectFrom('sync_runs')
    .selectAll()
    .where('workspace_id', '=', args.workspaceId)
    .orderBy('started_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    runId: row.run_id,
    epoch: row.epoch,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    status: row.status,
    requests: row.requests,
    result: row.result,
    progress: row.progress,
  };
};

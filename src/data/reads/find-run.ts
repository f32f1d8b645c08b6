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
}

/** The newest run of a workspace, or the run with the given epoch. */
export const findRun = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly epoch?: number },
): Promise<RunRow | null> => {
  let query = db.selectFrom('sync_runs').selectAll().where('workspace_id', '=', args.workspaceId);
  if (args.epoch !== undefined) query = query.where('epoch', '=', args.epoch);
  const row = await query.orderBy('started_at', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return null;
  return {
    runId: row.run_id,
    epoch: row.epoch,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    status: row.status,
    requests: row.requests,
    result: row.result,
  };
};

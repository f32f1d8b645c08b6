import type { ReadContext } from '../context.ts';

/** A conversation of which a text was taken back, and how often since it was queued. */
export interface QueuedPurge {
  readonly docId: number;
  readonly times: number;
}

/** More than this wait for the next time. */
const MAX_PURGES = 5_000;

/** What is to be wiped out of index and files. */
export const listPurges = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<readonly QueuedPurge[]> => {
  const rows = await db
    .selectFrom('purge_queue')
    .select(['doc_id', 'times'])
    .where('workspace_id', '=', args.workspaceId)
    .orderBy('doc_id')
    .limit(MAX_PURGES)
    .execute();
  return rows.map((row) => ({ docId: row.doc_id, times: row.times }));
};

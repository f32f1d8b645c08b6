import type { WriteContext } from '../context.ts';
import { removeIndexDocuments } from '../search-index/write-index.ts';
import { removeTickets } from './apply-tickets.ts';
import { dequeue } from './fetch-queue.ts';
import { changeCounts } from './mirror-counts.ts';

/** A conversation that Intercom no longer has. */
export interface DeletedConversation {
  readonly id: string;
  /** Unix seconds. */
  readonly deletedAt: number;
}

const IDS_PER_STATEMENT = 500;

/**
 * Marks conversations as deleted: they leave search, counts and queue; their rows stay for `export --deleted`.
 * @returns how many were there and living
 */
export const removeConversations = async (
  context: WriteContext,
  workspaceId: string,
  deleted: readonly DeletedConversation[],
): Promise<number> => {
  const { db } = context;
  const timeById = new Map(deleted.map(({ id, deletedAt }) => [id, deletedAt]));
  let removed = 0;
  for (let start = 0; start < deleted.length; start += IDS_PER_STATEMENT) {
    const ids = deleted.slice(start, start + IDS_PER_STATEMENT).map(({ id }) => id);
    const rows = await db
      .selectFrom('conversations')
      .select(['id', 'doc_id', 'hydrated'])
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', ids)
      .where('deleted_at', 'is', null)
      .execute();
    for (const row of rows) {
      await db
        .updateTable('conversations')
        .set({ deleted_at: timeById.get(row.id) ?? 0 })
        .where('workspace_id', '=', workspaceId)
        .where('id', '=', row.id)
        .execute();
    }
    await removeIndexDocuments(
      context,
      workspaceId,
      rows.map((row) => row.doc_id),
    );
    await changeCounts(context, workspaceId, 'conversations', {
      stored: -rows.length,
      hydrated: -rows.reduce((sum, row) => sum + row.hydrated, 0),
    });
    await dequeue(db, workspaceId, 'conversations', ids);
    await removeTickets(context, workspaceId, ids, Math.max(0, ...timeById.values()));
    removed += rows.length;
  }
  return removed;
};

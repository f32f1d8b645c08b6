import type { WriteContext } from '../context.ts';
import { changeCounts } from './mirror-counts.ts';

/** Marks objects as deleted, and counts them no more; their rows stay for `export --deleted`. `deletedAt`: Unix seconds. */
export const markDeleted = async (
  context: Pick<WriteContext, 'db'>,
  entity: 'articles' | 'contacts' | 'tickets',
  workspaceId: string,
  ids: readonly string[],
  deletedAt: number,
): Promise<void> => {
  if (ids.length === 0) return;
  const removed = await context.db
    // All of these tables share these columns.
    .updateTable(entity as 'contacts')
    .set({ deleted_at: deletedAt })
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  await changeCounts(context, workspaceId, entity, { stored: -Number(removed.numUpdatedRows), hydrated: 0 });
};

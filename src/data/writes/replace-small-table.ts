import type { WriteContext } from '../context.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { setCounts } from './mirror-counts.ts';

/** Entities that one request lists completely (API-FACTS 5.5). */
export type SmallEntity = 'admins' | 'teams' | 'tags';

export interface IncomingSmallRow {
  readonly columns: { readonly id: string; readonly name: string | null; readonly email?: string | null };
  readonly payload: string;
}

export interface ReplaceSmallTableArgs {
  readonly fence: Fence;
  readonly entity: SmallEntity;
  readonly rows: readonly IncomingSmallRow[];
  /** Server time of the complete listing, Unix seconds. */
  readonly fetchedAt: number;
}

/**
 * Stores a complete listing. Rows that it does not name are marked as deleted and stay: old parts still refer to them.
 */
export const replaceSmallTable = async (
  context: WriteContext,
  args: ReplaceSmallTableArgs,
): Promise<void> => {
  const { db } = context;
  const { fence, entity, fetchedAt } = args;
  await assertFence(context, fence);
  await db
    .updateTable(entity)
    .set({ deleted_at: fetchedAt })
    .where('workspace_id', '=', fence.workspaceId)
    .where('deleted_at', 'is', null)
    .execute();
  const rows = [...new Map(args.rows.map((row) => [row.columns.id, row])).values()];
  for (const row of rows) {
    const values = {
      name: row.columns.name,
      payload: packPayload(row.payload),
      fetched_at: fetchedAt,
      deleted_at: null,
      ...(entity === 'admins' ? { email: row.columns.email ?? null } : {}),
    };
    await db
      // The three tables share these columns; `email` exists on admins only and is only sent there.
      .insertInto(entity)
      .values({ workspace_id: fence.workspaceId, id: row.columns.id, ...values })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'id']).doUpdateSet(values))
      .execute();
  }
  await setCounts(context, fence.workspaceId, entity, { stored: rows.length, hydrated: 0 });
};

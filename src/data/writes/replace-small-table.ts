import type { WriteContext } from '../context.ts';
import { SMALL_TABLE_KEYS, type SmallEntity } from '../listed-entities.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { setCounts } from './mirror-counts.ts';
import { upsertRows } from './upsert-rows.ts';

/** An object as the sync layer took it apart; its columns are those of the entity's table. */
export interface IncomingRow {
  readonly columns: Readonly<Record<string, string | number | null>>;
  readonly payload: string;
}

export interface ReplaceSmallTableArgs {
  readonly fence: Fence;
  readonly entity: SmallEntity;
  readonly rows: readonly IncomingRow[];
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
  const { workspaceId } = fence;
  await assertFence(context, fence);
  await db
    .updateTable(entity)
    .set({ deleted_at: fetchedAt })
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', 'is', null)
    .execute();
  const key = SMALL_TABLE_KEYS[entity];
  const rows = [...new Map(args.rows.map((row) => [row.columns[key], row])).values()];
  await upsertRows(
    db,
    entity,
    ['workspace_id', key],
    rows.map(({ columns, payload }) => ({
      workspace_id: workspaceId,
      ...columns,
      payload: packPayload(payload),
      fetched_at: fetchedAt,
      deleted_at: null,
    })),
  );
  await setCounts(context, workspaceId, entity, { stored: rows.length, hydrated: 0 });
};

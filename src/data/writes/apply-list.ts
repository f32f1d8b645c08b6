import type { WriteContext } from '../context.ts';
import type { PagedEntity } from '../listed-entities.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { changeCounts } from './mirror-counts.ts';
import type { IncomingRow } from './replace-small-table.ts';
import { storedTimes } from './stored-times.ts';
import { upsertRows } from './upsert-rows.ts';

export interface ApplyListPageArgs {
  readonly fence: Fence;
  readonly entity: PagedEntity;
  /** Names the listing that the page belongs to. */
  readonly listing: string;
  readonly rows: readonly IncomingRow[];
  /** Server time of the page, Unix seconds. */
  readonly fetchedAt: number;
}

/** Stores one page of a list that is always listed as a whole. @returns rows that were new or newer */
export const applyListPage = async (
  context: WriteContext,
  args: ApplyListPageArgs,
): Promise<{ readonly changed: number }> => {
  const { db } = context;
  const { entity, fence, fetchedAt, listing } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  const rows = [...new Map(args.rows.map((row) => [String(row.columns.id), row])).entries()];
  if (rows.length === 0) return { changed: 0 };
  const known = await storedTimes(
    db,
    entity,
    workspaceId,
    rows.map(([id]) => id),
  );
  await upsertRows(
    db,
    entity,
    ['workspace_id', 'id'],
    rows.map(([, { columns, payload }]) => ({
      workspace_id: workspaceId,
      ...columns,
      payload: packPayload(payload),
      fetched_at: fetchedAt,
      listed_in: listing,
      deleted_at: null,
    })),
  );
  await changeCounts(context, workspaceId, entity, {
    stored: rows.filter(([id]) => known.get(id)?.deleted_at !== null).length,
    hydrated: 0,
  });
  const changed = rows.filter(([id, { columns }]) => known.get(id)?.updated_at !== columns.updated_at);
  return { changed: changed.length };
};

export interface EndListArgs {
  readonly fence: Fence;
  readonly entity: PagedEntity;
  readonly listing: string;
  /** Unix seconds. */
  readonly deletedAt: number;
}

/** After a listing that was complete: what it did not show is marked as deleted. @returns how much that was */
export const endList = async (context: WriteContext, args: EndListArgs): Promise<number> => {
  const { db } = context;
  const { deletedAt, entity, fence, listing } = args;
  await assertFence(context, fence);
  const gone = await db
    .updateTable(entity)
    .set({ deleted_at: deletedAt })
    .where('workspace_id', '=', fence.workspaceId)
    .where('deleted_at', 'is', null)
    .where((eb) => eb.or([eb('listed_in', 'is', null), eb('listed_in', '!=', listing)]))
    .executeTakeFirst();
  const removed = Number(gone.numUpdatedRows);
  await changeCounts(context, fence.workspaceId, entity, { stored: -removed, hydrated: 0 });
  return removed;
};

import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import type { PagedEntity } from '../listed-entities.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { changeCounts } from './mirror-counts.ts';
import type { IncomingRow } from './replace-small-table.ts';
import { type StoredTimes, storedTimes } from './stored-times.ts';
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

/**
 * Stores one page of a list that is always listed as a whole. What was fetched by itself since the page was answered stays
 * as it is, and counts as listed. @returns rows that were new or newer
 */
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
  const current = rows.filter(([id, row]) => !isOlder(row, fetchedAt, known.get(id)));
  await upsertRows(
    db,
    entity,
    ['workspace_id', 'id'],
    current.map(([, { columns, payload }]) => ({
      workspace_id: workspaceId,
      ...columns,
      payload: packPayload(payload),
      fetched_at: fetchedAt,
      listed_in: listing,
      deleted_at: null,
    })),
  );
  await markListed(
    db,
    args,
    rows.filter((row) => !current.includes(row)).map(([id]) => id),
  );
  await changeCounts(context, workspaceId, entity, {
    stored: current.filter(([id]) => known.get(id)?.deleted_at !== null).length,
    hydrated: 0,
  });
  const changed = current.filter(([id, { columns }]) => known.get(id)?.updated_at !== columns.updated_at);
  return { changed: changed.length };
};

/** Times are in seconds: within one the newer change counts. */
const isOlder = ({ columns }: IncomingRow, fetchedAt: number, known: StoredTimes | undefined): boolean => {
  if (known === undefined || known.fetched_at < fetchedAt) return false;
  return known.fetched_at > fetchedAt || Number(columns.updated_at ?? 0) < (known.updated_at ?? 0);
};

const markListed = async (
  db: WriteDb,
  { entity, fence, listing }: ApplyListPageArgs,
  ids: readonly string[],
): Promise<void> => {
  if (ids.length === 0) return;
  await db
    .updateTable(entity)
    .set({ listed_in: listing })
    .where('workspace_id', '=', fence.workspaceId)
    .where('id', 'in', ids)
    .execute();
};

export interface EndListArgs {
  readonly fence: Fence;
  readonly entity: PagedEntity;
  readonly listing: string;
  /** Server time before its first page, Unix seconds. */
  readonly begunAt: number;
  /** Unix seconds. */
  readonly deletedAt: number;
}

/**
 * After a listing that was complete: what it did not show is marked as deleted, but for what no listing ever showed and
 * was fetched by itself since it began. @returns how much that was
 */
export const endList = async (context: WriteContext, args: EndListArgs): Promise<number> => {
  const { db } = context;
  const { begunAt, deletedAt, entity, fence, listing } = args;
  await assertFence(context, fence);
  const gone = await db
    .updateTable(entity)
    .set({ deleted_at: deletedAt })
    .where('workspace_id', '=', fence.workspaceId)
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb.and([eb('listed_in', 'is', null), eb('fetched_at', '<', begunAt)]),
        eb('listed_in', '!=', listing),
      ]),
    )
    .executeTakeFirst();
  const removed = Number(gone.numUpdatedRows);
  await changeCounts(context, fence.workspaceId, entity, { stored: -removed, hydrated: 0 });
  return removed;
};

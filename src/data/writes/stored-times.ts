import type { WriteDb } from '../db.ts';
import type { PagedEntity } from '../listed-entities.ts';

export interface StoredTimes {
  readonly id: string;
  readonly updated_at: number | null;
  readonly fetched_at: number;
  readonly deleted_at: number | null;
}

/** When these objects changed, were fetched and were deleted, by id, as far as they are stored. */
export const storedTimes = async (
  db: WriteDb,
  entity: PagedEntity | 'companies' | 'contacts' | 'tickets',
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredTimes>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    // All of these tables share these columns.
    .selectFrom(entity as 'contacts')
    .select(['id', 'updated_at', 'fetched_at', 'deleted_at'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
};

import type { ReadContext } from '../context.ts';
import { unpackText } from '../payload-codec.ts';

/** Entities whose columns can be read anew from what is stored. */
export type DerivedEntity = 'conversations' | 'contacts';

/** A row with the JSON that its columns come from; null where that cannot be unpacked. */
export interface RowToDerive {
  readonly id: string;
  readonly payload: string | null;
  /** What tells whether the row has changed since it was read. */
  readonly fetchedAt: number;
  readonly deleted: boolean;
}

const unpacked = (packed: Uint8Array): string | null => {
  try {
    return unpackText(packed);
  } catch {
    return null;
  }
};

/** The next rows whose columns are to be read anew, by id; null when none are. */
export const derivationPage = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly entity: DerivedEntity; readonly limit: number },
): Promise<readonly RowToDerive[] | null> => {
  const { entity, limit, workspaceId } = args;
  const work = await db
    .selectFrom('derivations')
    .select('after_id')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .executeTakeFirst();
  if (work === undefined) return null;
  if (entity === 'contacts') {
    const rows = await db
      .selectFrom('contacts')
      .select(['id', 'payload', 'fetched_at', 'deleted_at'])
      .where('workspace_id', '=', workspaceId)
      .where('id', '>', work.after_id)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      payload: unpacked(row.payload),
      fetchedAt: row.fetched_at,
      deleted: row.deleted_at !== null,
    }));
  }
  const rows = await db
    .selectFrom('conversations as c')
    .innerJoin('conversation_contents as p', (join) =>
      join.onRef('p.workspace_id', '=', 'c.workspace_id').onRef('p.doc_id', '=', 'c.doc_id'),
    )
    .select(['c.id', 'c.fetched_at', 'c.deleted_at', 'p.payload', 'p.head'])
    .where('c.workspace_id', '=', workspaceId)
    .where('c.id', '>', work.after_id)
    .orderBy('c.id')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    // The fields of a later listing count.
    payload: unpacked(row.head ?? row.payload),
    fetchedAt: row.fetched_at,
    deleted: row.deleted_at !== null,
  }));
};

import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';

export interface MirrorSize {
  /** Messages and events of all conversations of the workspace, opening messages included. */
  readonly messages: number;
  /** Of the whole database, all workspaces together, in bytes. */
  readonly bytes: number;
}

/** How much there is. All conversations of the workspace are looked at. */
export const mirrorSize = async (
  { db, flavor }: ReadContext,
  { workspaceId }: { readonly workspaceId: string },
): Promise<MirrorSize> => {
  const bytes =
    flavor.engine === 'sqlite'
      ? sql<number>`(select page_count from pragma_page_count()) * (select page_size from pragma_page_size())`
      : sql<number | string>`pg_database_size(current_database())`;
  const row = await db
    .selectFrom('conversations')
    .select([sql<number | string | null>`sum(part_count + 1)`.as('messages'), bytes.as('bytes')])
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', 'is', null)
    .where(flavor.alive())
    .executeTakeFirst();
  return { messages: Number(row?.messages ?? 0), bytes: Number(row?.bytes ?? 0) };
};

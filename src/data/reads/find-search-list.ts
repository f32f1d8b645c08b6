import type { ReadContext } from '../context.ts';

/** A list of hits that `keepSearchList` kept; null when it is not there (any more). */
export const findSearchList = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly listId: string },
): Promise<Uint8Array | null> => {
  const row = await db
    .selectFrom('search_lists')
    .select('hits')
    .where('workspace_id', '=', args.workspaceId)
    .where('list_id', '=', args.listId)
    .executeTakeFirst();
  return row?.hits ?? null;
};

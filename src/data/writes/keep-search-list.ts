import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';

/** How long the pages behind the first one can be asked for, in milliseconds. */
const KEPT_MS = 86_400_000;
/** Lists of a workspace; of more the oldest go. */
const MOST = 2_000;

/** Keeps what a search found, so that its further pages go on in it, in whatever process. The same list is kept once. */
export const keepSearchList = async (
  { db, flavor }: WriteContext,
  args: { readonly workspaceId: string; readonly listId: string; readonly hits: Uint8Array },
): Promise<void> => {
  const { hits, listId, workspaceId } = args;
  await db
    .insertInto('search_lists')
    .values({ workspace_id: workspaceId, list_id: listId, created_at: flavor.now(), hits })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'list_id']).doUpdateSet({ created_at: flavor.now() }),
    )
    .execute();
  const oldest = await db
    .selectFrom('search_lists')
    .select('created_at')
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at', 'desc')
    .offset(MOST)
    .limit(1)
    .executeTakeFirst();
  await db
    .deleteFrom('search_lists')
    .where('workspace_id', '=', workspaceId)
    .where((eb) =>
      eb.or([
        eb('created_at', '<', sql<number>`${flavor.now()} - ${KEPT_MS}`),
        ...(oldest === undefined ? [] : [eb('created_at', '<=', oldest.created_at)]),
      ]),
    )
    .execute();
};

import type { ReadContext } from '../context.ts';

/** Companies of contacts and conversations that are not mirrored, by id. */
export const unknownCompanies = async (
  { db, flavor }: ReadContext,
  args: { readonly workspaceId: string; readonly limit: number },
): Promise<readonly string[]> => {
  const { limit, workspaceId } = args;
  const ofContacts = await db
    .selectFrom('contact_companies as r')
    .leftJoin('companies as c', (join) =>
      join.onRef('c.workspace_id', '=', 'r.workspace_id').onRef('c.id', '=', 'r.company_id'),
    )
    .select('r.company_id as id')
    .distinct()
    .where('r.workspace_id', '=', workspaceId)
    .where('c.id', 'is', null)
    .where(flavor.alive())
    .limit(limit)
    .execute();
  const ofConversations = await db
    .selectFrom('conversations as r')
    .leftJoin('companies as c', (join) =>
      join.onRef('c.workspace_id', '=', 'r.workspace_id').onRef('c.id', '=', 'r.company_id'),
    )
    .select('r.company_id as id')
    .distinct()
    .where('r.workspace_id', '=', workspaceId)
    .where('r.company_id', 'is not', null)
    .where('c.id', 'is', null)
    .where(flavor.alive())
    .limit(limit)
    .execute();
  const ids = [...ofContacts, ...ofConversations].flatMap(({ id }) => (id === null ? [] : [id]));
  return [...new Set(ids)].sort().slice(0, limit);
};

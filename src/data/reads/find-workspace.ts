import type { ReadContext } from '../context.ts';

export interface WorkspaceRow {
  readonly id: string;
  readonly name: string | null;
  readonly region: string | null;
  readonly time_zone: string;
}

/** The workspace that an alias is bound to; null before its first sync. */
export const findWorkspace = async (
  { db }: Pick<ReadContext, 'db'>,
  args: { readonly alias: string },
): Promise<WorkspaceRow | null> => {
  const row = await db
    .selectFrom('workspace_aliases as a')
    .innerJoin('workspaces as w', 'w.id', 'a.workspace_id')
    .select(['w.id', 'w.name', 'w.region', 'w.time_zone'])
    .where('a.alias', '=', args.alias)
    .executeTakeFirst();
  return row ?? null;
};

import type { ReadContext } from '../context.ts';

/** Segments that are there now, by id. */
export const listSegments = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<readonly string[]> => {
  const rows = await db
    .selectFrom('segments')
    .select('id')
    .where('workspace_id', '=', args.workspaceId)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => row.id);
};

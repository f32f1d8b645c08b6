import type { ReadContext } from '../context.ts';

/** All tags of a workspace, also removed ones that conversations still carry; by id. */
export const listTags = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<readonly { readonly id: string; readonly name: string | null }[]> =>
  db
    .selectFrom('tags')
    .select(['id', 'name'])
    .where('workspace_id', '=', args.workspaceId)
    .orderBy('id')
    .execute();

import type { ReadContext } from '../context.ts';

interface Named {
  readonly id: string;
  readonly name: string | null;
}

/** What filters are named by. Also what was removed and conversations still carry; by id. */
export interface Vocabulary {
  readonly tags: readonly Named[];
  readonly teams: readonly Named[];
  /** Of contacts. */
  readonly segments: readonly Named[];
  readonly admins: readonly (Named & { readonly email: string | null })[];
  /** Custom attributes of conversations. */
  readonly attributes: readonly { readonly name: string; readonly archived: boolean }[];
}

/** Names of tags, teams and teammates of a workspace. */
export const readVocabulary = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<Vocabulary> => {
  const named = (table: 'segments' | 'tags' | 'teams') =>
    db
      .selectFrom(table)
      .select(['id', 'name'])
      .where('workspace_id', '=', args.workspaceId)
      .orderBy('id')
      .execute();
  const admins = await db
    .selectFrom('admins')
    .select(['id', 'name', 'email'])
    .where('workspace_id', '=', args.workspaceId)
    .orderBy('id')
    .execute();
  const attributes = await db
    .selectFrom('conversation_attributes')
    .select(['name', 'archived'])
    .where('workspace_id', '=', args.workspaceId)
    .orderBy('object_key')
    .execute();
  return {
    tags: await named('tags'),
    teams: await named('teams'),
    segments: await named('segments'),
    admins,
    attributes: attributes.flatMap(({ archived, name }) =>
      name === null ? [] : [{ name, archived: archived === 1 }],
    ),
  };
};

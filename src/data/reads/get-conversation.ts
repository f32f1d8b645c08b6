import type { ConversationTable, ThreadPart } from '../../entities/conversation/table.ts';
import type { ReadContext } from '../context.ts';
import { unpackThread } from '../thread-codec.ts';

export interface GetConversationArgs {
  readonly workspaceId: string;
  readonly id: string;
  /** Events without text too. */
  readonly includeEvents: boolean;
  /** Parts behind this position. */
  readonly afterPosition: number;
  readonly limit: number;
}

export interface ConversationThread {
  readonly conversation: ConversationTable;
  readonly contacts: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly email: string | null;
  }[];
  readonly tags: readonly string[];
  readonly adminName: string | null;
  readonly teamName: string | null;
  readonly parts: readonly ThreadPart[];
  /** Parts of the kind asked for, on all pages. */
  readonly totalParts: number;
  readonly hasMore: boolean;
}

/** One conversation and one page of its thread; null when the mirror does not have it. */
export const getConversation = async (
  { db }: ReadContext,
  args: GetConversationArgs,
): Promise<ConversationThread | null> => {
  const { workspaceId, id } = args;
  const conversation = await db
    .selectFrom('conversations')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (conversation === undefined) return null;
  const contacts = await db
    .selectFrom('conversation_contacts as cc')
    .leftJoin('contacts as p', (join) =>
      join.onRef('p.workspace_id', '=', 'cc.workspace_id').onRef('p.id', '=', 'cc.contact_id'),
    )
    .select(['cc.contact_id as id', 'p.name', 'p.email'])
    .where('cc.workspace_id', '=', workspaceId)
    .where('cc.conversation_id', '=', id)
    .orderBy('cc.contact_id')
    .execute();
  const tags = await db
    .selectFrom('conversation_tags as ct')
    .leftJoin('tags as t', (join) =>
      join.onRef('t.workspace_id', '=', 'ct.workspace_id').onRef('t.id', '=', 'ct.tag_id'),
    )
    .select(['ct.tag_id', 'ct.name as name_then', 't.name as name_now'])
    .where('ct.workspace_id', '=', workspaceId)
    .where('ct.conversation_id', '=', id)
    .orderBy('ct.tag_id')
    .execute();
  const nameOf = async (table: 'admins' | 'teams', rowId: string | null) =>
    rowId === null
      ? null
      : ((
          await db
            .selectFrom(table as 'teams')
            .select('name')
            .where('workspace_id', '=', workspaceId)
            .where('id', '=', rowId)
            .executeTakeFirst()
        )?.name ?? null);
  const content = await db
    .selectFrom('conversation_contents')
    .select('thread')
    .where('workspace_id', '=', workspaceId)
    .where('doc_id', '=', conversation.doc_id)
    .executeTakeFirst();
  const all = content === undefined ? [] : unpackThread(content.thread);
  const wanted = args.includeEvents ? all : all.filter((part) => part.text !== null);
  const behind = wanted.filter((part) => part.position > args.afterPosition);
  return {
    conversation,
    contacts,
    tags: tags.map((tag) => tag.name_now ?? tag.name_then ?? tag.tag_id),
    adminName: await nameOf('admins', conversation.admin_assignee_id),
    teamName: await nameOf('teams', conversation.team_assignee_id),
    parts: behind.slice(0, args.limit),
    totalParts: wanted.length,
    hasMore: behind.length > args.limit,
  };
};

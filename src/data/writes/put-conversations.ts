import type { ConversationTable, ThreadPart } from '../../entities/conversation/table.ts';
import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import type { StoredConversation } from './existing-conversations.ts';
import type { IncomingConversation } from './incoming-conversation.ts';
import { indexConversations } from './index-conversations.ts';
import { changeCounts } from './mirror-counts.ts';
import { queuePurges } from './purge-queue.ts';
import { putAttributes } from './put-attributes.ts';
import { type StoredContent, upsertContents } from './put-contents.ts';

/** What the storage knows of a conversation beyond its payload; see `ConversationTable`. */
export type DerivedColumns = Pick<
  ConversationTable,
  | 'part_count'
  | 'parts_truncated'
  | 'hydrated'
  | 'thread_updated_at'
  | 'thread_fetched_at'
  | 'thread_stat_parts'
  | 'listed_hash'
  | 'fetched_at'
>;

/** A conversation as it shall be stored. */
export interface PutConversation {
  readonly incoming: IncomingConversation;
  readonly stored: StoredConversation | undefined;
  readonly derived: DerivedColumns;
  /** The whole thread as it shall be read and searched. */
  readonly thread: readonly ThreadPart[];
  readonly content: StoredContent;
}

type Put = PutConversation & { readonly docId: number };

/**
 * Stores conversations with everything that hangs on them: row, content, contacts, tags, search document and counts.
 * The caller decides which ones are worth storing, and what of them; here nothing is compared.
 * @returns true when a large merge of the search index is due
 */
export const putConversations = async (
  context: WriteContext,
  workspaceId: string,
  items: readonly PutConversation[],
): Promise<boolean> => {
  if (items.length === 0) return false;
  const { db, flavor } = context;
  const fresh = await flavor.nextDocIds(db, items.filter((item) => item.stored === undefined).length);
  let used = 0;
  const puts: Put[] = items.map((item) => ({
    ...item,
    docId: item.stored?.doc_id ?? (fresh[used++] as number),
  }));
  await queuePurges(
    db,
    workspaceId,
    puts.filter(({ stored }) => stored !== undefined),
  );
  await upsertRows(db, workspaceId, puts);
  await upsertContents(db, workspaceId, puts);
  await replaceLinks(db, workspaceId, puts);
  await putAttributes(
    db,
    workspaceId,
    'conversations',
    puts.map(({ incoming: { attributes, columns } }) => ({ id: columns.id, attributes })),
  );
  await changeCounts(context, workspaceId, 'conversations', {
    stored: puts.filter(({ stored }) => !isLiving(stored)).length,
    hydrated: puts.reduce(
      (sum, { derived, stored }) => sum + derived.hydrated - (isLiving(stored) ? stored.hydrated : 0),
      0,
    ),
  });
  const isNew = new Set(fresh);
  const documents = puts.map(({ derived, docId, incoming, thread }) => ({
    docId,
    incoming,
    thread,
    hydrated: derived.hydrated === 1,
    messageAt: newestMessageTime(thread),
  }));
  return indexConversations(context, workspaceId, documents, (docId) => isNew.has(docId));
};

const isLiving = (stored: StoredConversation | undefined): stored is StoredConversation =>
  stored !== undefined && stored.deleted_at === null;

/** created_at of the newest part with text. */
const newestMessageTime = (thread: readonly ThreadPart[]): number | null =>
  thread.reduce<number | null>(
    (newest, part) =>
      part.text === null || (newest !== null && newest >= part.created_at) ? newest : part.created_at,
    null,
  );

const upsertRows = async (db: WriteDb, workspaceId: string, puts: readonly Put[]) => {
  const rows = puts.map(
    ({ derived, docId, incoming, thread }): ConversationTable => ({
      workspace_id: workspaceId,
      doc_id: docId,
      ...incoming.columns,
      ...derived,
      message_at: newestMessageTime(thread),
      deleted_at: null,
    }),
  );
  const keys = new Set(['workspace_id', 'id', 'doc_id']);
  const columns = Object.keys(rows[0] as ConversationTable).filter((name) => !keys.has(name));
  await db
    .insertInto('conversations')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'id'])
        .doUpdateSet((eb) =>
          Object.fromEntries(columns.map((name) => [name, eb.ref(`excluded.${name as 'title'}`)])),
        ),
    )
    .execute();
};

/** Contacts and tags are replaced as a whole: the payload that brought them holds all of them. */
const replaceLinks = async (db: WriteDb, workspaceId: string, puts: readonly Put[]) => {
  const ids = puts.map((item) => item.incoming.columns.id);
  for (const table of ['conversation_contacts', 'conversation_tags'] as const) {
    await db
      .deleteFrom(table)
      .where('workspace_id', '=', workspaceId)
      .where('conversation_id', 'in', ids)
      .execute();
  }
  const key = (item: Put) => ({ workspace_id: workspaceId, conversation_id: item.incoming.columns.id });
  const contacts = puts.flatMap((item) =>
    [...new Set(item.incoming.contactIds)].map((id) => ({ ...key(item), contact_id: id })),
  );
  if (contacts.length > 0) await db.insertInto('conversation_contacts').values(contacts).execute();
  const tags = puts.flatMap((item) =>
    [...new Map(item.incoming.tags.map((tag) => [tag.id, tag])).values()].map((tag) => ({
      ...key(item),
      tag_id: tag.id,
      name: tag.name,
    })),
  );
  if (tags.length > 0) await db.insertInto('conversation_tags').values(tags).execute();
};

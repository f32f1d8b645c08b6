import type { ConversationTable } from '../../entities/conversation/table.ts';
import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { packPayload } from '../payload-codec.ts';
import { packThread } from '../thread-codec.ts';
import type { StoredConversation } from './existing-conversations.ts';
import type { IncomingConversation } from './incoming-conversation.ts';
import { indexConversations } from './index-conversations.ts';

type Put = IncomingConversation & { readonly docId: number };

/**
 * Stores conversations with everything that hangs on them: row, thread, payload, contacts, tags and search document.
 * The caller decides which ones are worth storing; here nothing is compared.
 * @returns true when a large merge of the search index is due
 */
export const putConversations = async (
  context: WriteContext,
  workspaceId: string,
  fetchedAt: number,
  incoming: readonly IncomingConversation[],
  existing: ReadonlyMap<string, StoredConversation>,
): Promise<boolean> => {
  if (incoming.length === 0) return false;
  const { db, flavor } = context;
  const fresh = await flavor.nextDocIds(db, incoming.filter((item) => !existing.has(item.columns.id)).length);
  let used = 0;
  const puts: Put[] = incoming.map((item) => ({
    ...item,
    docId: existing.get(item.columns.id)?.doc_id ?? (fresh[used++] as number),
  }));
  await upsertRows(db, workspaceId, fetchedAt, puts);
  await upsertContents(db, workspaceId, puts);
  await replaceLinks(db, workspaceId, puts);
  const isNew = new Set(fresh);
  return indexConversations(context, workspaceId, puts, (docId) => isNew.has(docId));
};

const upsertRows = async (db: WriteDb, workspaceId: string, fetchedAt: number, puts: readonly Put[]) => {
  const rows = puts.map(
    (item): ConversationTable => ({
      workspace_id: workspaceId,
      doc_id: item.docId,
      ...item.columns,
      hydrated: item.full ? 1 : 0,
      hydrated_updated_at: item.full ? item.columns.updated_at : null,
      fetched_at: fetchedAt,
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

const upsertContents = async (db: WriteDb, workspaceId: string, puts: readonly Put[]) => {
  await db
    .insertInto('conversation_contents')
    .values(
      puts.map((item) => ({
        workspace_id: workspaceId,
        doc_id: item.docId,
        thread: packThread(item.parts),
        payload: packPayload(item.payload),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'doc_id']).doUpdateSet((eb) => ({
        thread: eb.ref('excluded.thread'),
        payload: eb.ref('excluded.payload'),
      })),
    )
    .execute();
};

/** Contacts and tags are replaced as a whole: the payload that brought them holds all of them. */
const replaceLinks = async (db: WriteDb, workspaceId: string, puts: readonly Put[]) => {
  const ids = puts.map((item) => item.columns.id);
  for (const table of ['conversation_contacts', 'conversation_tags'] as const) {
    await db
      .deleteFrom(table)
      .where('workspace_id', '=', workspaceId)
      .where('conversation_id', 'in', ids)
      .execute();
  }
  const key = (item: Put) => ({ workspace_id: workspaceId, conversation_id: item.columns.id });
  const contacts = puts.flatMap((item) =>
    [...new Set(item.contactIds)].map((id) => ({ ...key(item), contact_id: id })),
  );
  if (contacts.length > 0) await db.insertInto('conversation_contacts').values(contacts).execute();
  const tags = puts.flatMap((item) =>
    [...new Map(item.tags.map((tag) => [tag.id, tag])).values()].map((tag) => ({
      ...key(item),
      tag_id: tag.id,
      name: tag.name,
    })),
  );
  if (tags.length > 0) await db.insertInto('conversation_tags').values(tags).execute();
};

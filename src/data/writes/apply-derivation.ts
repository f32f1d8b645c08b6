import type { ConversationColumns } from '../../entities/conversation/table.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteContext } from '../context.ts';
import { unpackThread } from '../thread-codec.ts';
import type { IncomingContact } from './apply-contacts.ts';
import { putEmbeddedLists } from './contact-lists.ts';
import { assertFence, type Fence } from './fence.ts';
import type { IncomingConversation } from './incoming-conversation.ts';
import { indexConversations } from './index-conversations.ts';
import { putAttributes } from './put-attributes.ts';

/** Where a derivation stands: ids up to `after` are done, null: all of them. */
interface DerivationStep {
  readonly fence: Fence;
  readonly after: string | null;
}

export interface DerivedConversation {
  readonly columns: ConversationColumns;
  readonly attributes: readonly AttributeValue[];
  readonly tags: IncomingConversation['tags'];
  readonly contactIds: IncomingConversation['contactIds'];
  /** Of the row that was read: where it is another by now, the row was written anew and has everything. */
  readonly fetchedAt: number;
}

/** Stores what the payloads of conversations say beyond what an older version had read from them, and indexes it. */
export const deriveConversations = async (
  context: WriteContext,
  args: DerivationStep & { readonly conversations: readonly DerivedConversation[] },
): Promise<void> => {
  const { db } = context;
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  const changed: DerivedConversation[] = [];
  for (const conversation of args.conversations) {
    const { columns, fetchedAt } = conversation;
    const { id, ...others } = columns;
    const updated = await db
      .updateTable('conversations')
      .set(others)
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .where('fetched_at', '=', fetchedAt)
      .where('updated_at', '=', columns.updated_at)
      .executeTakeFirst();
    if (updated.numUpdatedRows > 0n) changed.push(conversation);
  }
  await putAttributes(
    db,
    workspaceId,
    'conversations',
    changed.map(({ attributes, columns }) => ({ id: columns.id, attributes })),
  );
  await indexAnew(context, workspaceId, changed);
  await stepDerivation(context, workspaceId, 'conversations', args.after);
};

/** The index has terms that an older version did not make. */
const indexAnew = async (
  context: WriteContext,
  workspaceId: string,
  conversations: readonly DerivedConversation[],
): Promise<void> => {
  const rows = await context.db
    .selectFrom('conversations as c')
    .innerJoin('conversation_contents as p', (join) =>
      join.onRef('p.workspace_id', '=', 'c.workspace_id').onRef('p.doc_id', '=', 'c.doc_id'),
    )
    .select(['c.id', 'c.doc_id', 'c.message_at', 'c.hydrated', 'p.thread'])
    .where('c.workspace_id', '=', workspaceId)
    .where('c.id', 'in', ['', ...conversations.map(({ columns }) => columns.id)])
    .where('c.deleted_at', 'is', null)
    .execute();
  const incoming = new Map(conversations.map((each) => [each.columns.id, each]));
  const documents = rows.flatMap((row) => {
    const found = incoming.get(row.id);
    if (found === undefined) return [];
    return [
      {
        docId: row.doc_id,
        incoming: found,
        thread: unpackThread(row.thread),
        messageAt: row.message_at,
        hydrated: row.hydrated === 1,
      },
    ];
  });
  await indexConversations(context, workspaceId, documents, () => false);
};

export type DerivedContact = Pick<IncomingContact, 'columns' | 'lists' | 'attributes'> & {
  readonly fetchedAt: number;
};

/** The same for contacts; lists that they embed in part only are queued. */
export const deriveContacts = async (
  context: WriteContext,
  args: DerivationStep & { readonly contacts: readonly DerivedContact[] },
): Promise<void> => {
  const { db } = context;
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  const rows = await db
    .selectFrom('contacts')
    .select(['id', 'fetched_at'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ['', ...args.contacts.map(({ columns }) => columns.id)])
    .execute();
  const times = new Map(rows.map((row) => [row.id, row.fetched_at]));
  const same = args.contacts.filter(({ columns, fetchedAt }) => times.get(columns.id) === fetchedAt);
  await putEmbeddedLists(db, workspaceId, same);
  await putAttributes(
    db,
    workspaceId,
    'contacts',
    same.map(({ attributes, columns }) => ({ id: columns.id, attributes })),
  );
  await stepDerivation(context, workspaceId, 'contacts', args.after);
};

const stepDerivation = async (
  { db }: WriteContext,
  workspaceId: string,
  entity: string,
  after: string | null,
): Promise<void> => {
  if (after === null) {
    await db
      .deleteFrom('derivations')
      .where('workspace_id', '=', workspaceId)
      .where('entity', '=', entity)
      .execute();
    return;
  }
  await db
    .updateTable('derivations')
    .set({ after_id: after })
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .execute();
};

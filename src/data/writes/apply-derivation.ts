import type { ConversationColumns } from '../../entities/conversation/table.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteContext } from '../context.ts';
import type { IncomingContact } from './apply-contacts.ts';
import { putEmbeddedLists } from './contact-lists.ts';
import { assertFence, type Fence } from './fence.ts';
import { putAttributes } from './put-attributes.ts';

/** Where a derivation stands: ids up to `after` are done, null: all of them. */
interface DerivationStep {
  readonly fence: Fence;
  readonly after: string | null;
}

export interface DerivedConversation {
  readonly columns: ConversationColumns;
  readonly attributes: readonly AttributeValue[];
  /** Of the row that was read: where it is another by now, the row was written anew and has everything. */
  readonly fetchedAt: number;
}

/** Stores what the payloads of conversations say beyond what an older version had read from them. */
export const deriveConversations = async (
  context: WriteContext,
  args: DerivationStep & { readonly conversations: readonly DerivedConversation[] },
): Promise<void> => {
  const { db } = context;
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  const changed: { id: string; attributes: readonly AttributeValue[] }[] = [];
  for (const { attributes, columns, fetchedAt } of args.conversations) {
    const { id, ...others } = columns;
    const updated = await db
      .updateTable('conversations')
      .set(others)
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .where('fetched_at', '=', fetchedAt)
      .where('updated_at', '=', columns.updated_at)
      .executeTakeFirst();
    if (updated.numUpdatedRows > 0n) changed.push({ id, attributes });
  }
  await putAttributes(db, workspaceId, 'conversations', changed);
  await stepDerivation(context, workspaceId, 'conversations', args.after);
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

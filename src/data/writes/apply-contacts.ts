import type { ContactTable } from '../../entities/contact/table.ts';
import type { WriteContext } from '../context.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { stepWindow, type WindowStep } from './scans.ts';

export interface IncomingContact {
  readonly columns: Omit<ContactTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;
  /** The object's JSON, character for character. */
  readonly payload: string;
}

export interface ApplyContactPageArgs {
  readonly fence: Fence;
  readonly step: WindowStep;
  readonly contacts: readonly IncomingContact[];
  readonly fetchedAt: number;
}

/** Stores one page of contacts and moves the window on, in one transaction. @returns rows that were new or newer */
export const applyContactPage = async (
  context: WriteContext,
  args: ApplyContactPageArgs,
): Promise<{ readonly changed: number }> => {
  const { db } = context;
  await assertFence(context, args.fence);
  const workspaceId = args.fence.workspaceId;
  const contacts = [...new Map(args.contacts.map((contact) => [contact.columns.id, contact])).values()];
  let changed = 0;
  if (contacts.length > 0) {
    const rows = contacts.map((contact) => ({
      workspace_id: workspaceId,
      ...contact.columns,
      payload: packPayload(contact.payload),
      fetched_at: args.fetchedAt,
      deleted_at: null,
    }));
    const known = await db
      .selectFrom('contacts')
      .select(['id', 'updated_at'])
      .where('workspace_id', '=', workspaceId)
      .where(
        'id',
        'in',
        contacts.map((contact) => contact.columns.id),
      )
      .execute();
    const knownTimes = new Map(known.map((row) => [row.id, row.updated_at]));
    changed = contacts.filter(
      ({ columns }) => !knownTimes.has(columns.id) || knownTimes.get(columns.id) !== columns.updated_at,
    ).length;
    await db
      .insertInto('contacts')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'id']).doUpdateSet((eb) => ({
          external_id: eb.ref('excluded.external_id'),
          role: eb.ref('excluded.role'),
          name: eb.ref('excluded.name'),
          email: eb.ref('excluded.email'),
          email_key: eb.ref('excluded.email_key'),
          phone: eb.ref('excluded.phone'),
          created_at: eb.ref('excluded.created_at'),
          updated_at: eb.ref('excluded.updated_at'),
          payload: eb.ref('excluded.payload'),
          fetched_at: eb.ref('excluded.fetched_at'),
          deleted_at: eb.ref('excluded.deleted_at'),
        })),
      )
      .execute();
  }
  await stepWindow(db, workspaceId, args.step);
  return { changed };
};

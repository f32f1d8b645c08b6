import type { ContactTable } from '../../entities/contact/table.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { packPayload } from '../payload-codec.ts';
import { type EmbeddedLists, putEmbeddedLists } from './contact-lists.ts';
import { assertFence, type Fence } from './fence.ts';
import { changeCounts } from './mirror-counts.ts';
import { putAttributes } from './put-attributes.ts';
import { stepWindow, type WindowStep } from './scans.ts';

export interface IncomingContact {
  readonly columns: Omit<ContactTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;
  readonly lists: EmbeddedLists;
  readonly attributes: readonly AttributeValue[];
  /** The object's JSON, character for character. */
  readonly payload: string;
}

export interface ApplyContactPageArgs {
  readonly fence: Fence;
  /** Absent for a search that is not continued after a kill but begun anew. */
  readonly step?: WindowStep;
  readonly contacts: readonly IncomingContact[];
  readonly fetchedAt: number;
}

const COLUMNS = [
  'external_id',
  'role',
  'name',
  'email',
  'email_key',
  'phone',
  'created_at',
  'updated_at',
  'payload',
  'fetched_at',
  'deleted_at',
] as const;

/**
 * Stores one page of contacts and moves its window on, in one transaction. A contact older than the stored one comes from
 * a replica that lags and is not written. @returns rows that were new or newer
 */
export const applyContactPage = async (
  context: WriteContext,
  args: ApplyContactPageArgs,
): Promise<{ readonly changed: number }> => {
  const { db } = context;
  await assertFence(context, args.fence);
  const workspaceId = args.fence.workspaceId;
  const contacts = [...new Map(args.contacts.map((contact) => [contact.columns.id, contact])).values()];
  const known = await storedTimes(
    db,
    workspaceId,
    contacts.map((contact) => contact.columns.id),
  );
  const current = contacts.filter(({ columns }) => {
    const stored = known.get(columns.id);
    return stored === undefined || (columns.updated_at ?? 0) >= (stored.updated_at ?? 0);
  });
  await upsertContacts(db, workspaceId, current, args.fetchedAt);
  await putEmbeddedLists(db, workspaceId, current);
  await putAttributes(
    db,
    workspaceId,
    'contacts',
    current.map(({ attributes, columns }) => ({ id: columns.id, attributes })),
  );
  await changeCounts(context, workspaceId, 'contacts', {
    stored: current.filter(({ columns }) => known.get(columns.id)?.deleted_at !== null).length,
    hydrated: 0,
  });
  if (args.step !== undefined) await stepWindow(db, workspaceId, args.step);
  const changed = current.filter(({ columns }) => known.get(columns.id)?.updated_at !== columns.updated_at);
  return { changed: changed.length };
};

const storedTimes = async (db: WriteDb, workspaceId: string, ids: readonly string[]) => {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await db
    .selectFrom('contacts')
    .select(['id', 'updated_at', 'deleted_at'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
};

const upsertContacts = async (
  db: WriteDb,
  workspaceId: string,
  contacts: readonly IncomingContact[],
  fetchedAt: number,
): Promise<void> => {
  if (contacts.length === 0) return;
  await db
    .insertInto('contacts')
    .values(
      contacts.map((contact) => ({
        workspace_id: workspaceId,
        ...contact.columns,
        payload: packPayload(contact.payload),
        fetched_at: fetchedAt,
        deleted_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'id'])
        .doUpdateSet((eb) => Object.fromEntries(COLUMNS.map((name) => [name, eb.ref(`excluded.${name}`)]))),
    )
    .execute();
};

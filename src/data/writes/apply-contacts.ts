import type { ContactTable } from '../../entities/contact/table.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteContext } from '../context.ts';
import { packPayload } from '../payload-codec.ts';
import { type EmbeddedLists, putEmbeddedLists } from './contact-lists.ts';
import { assertFence, type Fence } from './fence.ts';
import { changeCounts } from './mirror-counts.ts';
import { putAttributes } from './put-attributes.ts';
import { stepWindow, type WindowStep } from './scans.ts';
import { storedTimes } from './stored-times.ts';
import { upsertRows } from './upsert-rows.ts';

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
    'contacts',
    workspaceId,
    contacts.map((contact) => contact.columns.id),
  );
  const current = contacts.filter(({ columns }) => {
    const stored = known.get(columns.id);
    return stored === undefined || (columns.updated_at ?? 0) >= (stored.updated_at ?? 0);
  });
  await upsertRows(
    db,
    'contacts',
    ['workspace_id', 'id'],
    current.map(({ columns, payload }) => ({
      workspace_id: workspaceId,
      ...columns,
      payload: packPayload(payload),
      fetched_at: args.fetchedAt,
      deleted_at: null,
    })),
  );
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

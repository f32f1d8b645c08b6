import type { TicketTable } from '../../entities/ticket/table.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { changeCounts } from './mirror-counts.ts';
import { putAttributes } from './put-attributes.ts';
import { newestById } from './newest-by-id.ts';
import { stepWindow, type WindowStep } from './scans.ts';
import { storedTimes } from './stored-times.ts';
import { upsertRows } from './upsert-rows.ts';

/** How long a search may still show what was deleted (index lag, API-FACTS 4.6). */
const LAG_SECONDS = 600;

export interface IncomingTicket {
  readonly columns: Omit<TicketTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;
  readonly contactIds: readonly string[];
  readonly attributes: readonly AttributeValue[];
  /** The object's JSON, character for character; its parts are in it. */
  readonly payload: string;
}

export interface ApplyTicketPageArgs {
  readonly fence: Fence;
  readonly step: WindowStep;
  readonly tickets: readonly IncomingTicket[];
  /** Server time of the page, Unix seconds. */
  readonly fetchedAt: number;
}

/**
 * Stores one page of tickets and moves its window on, in one transaction. A ticket older than the stored one comes from a
 * replica that lags and is not written. @returns tickets that were new or newer
 */
export const applyTicketPage = async (context: WriteContext, args: ApplyTicketPageArgs): Promise<number> => {
  const { db } = context;
  const { fence, fetchedAt } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  const tickets = newestById(args.tickets);
  const known = await storedTimes(
    db,
    'tickets',
    workspaceId,
    tickets.map((ticket) => ticket.columns.id),
  );
  const current = tickets.filter(({ columns: { id, updated_at } }) => {
    const { deleted_at: deletedAt = null, updated_at: knownAt = 0 } = known.get(id) ?? {};
    return updated_at >= (knownAt ?? 0) && (deletedAt === null || fetchedAt - deletedAt > LAG_SECONDS);
  });
  await upsertRows(
    db,
    'tickets',
    ['workspace_id', 'id'],
    current.map(({ columns, payload }) => ({
      workspace_id: workspaceId,
      ...columns,
      payload: packPayload(payload),
      fetched_at: fetchedAt,
      deleted_at: null,
    })),
  );
  await replaceContacts(db, workspaceId, current);
  await putAttributes(
    db,
    workspaceId,
    'tickets',
    current.map(({ attributes, columns }) => ({ id: columns.id, attributes })),
  );
  await changeCounts(context, workspaceId, 'tickets', {
    stored: current.filter(({ columns }) => known.get(columns.id)?.deleted_at !== null).length,
    hydrated: 0,
  });
  await stepWindow(db, workspaceId, args.step);
  return current.filter(({ columns }) => known.get(columns.id)?.updated_at !== columns.updated_at).length;
};

/**
 * Marks tickets as deleted. A ticket has the id of its conversation, and no feed of its own (API-FACTS 5.2, 7.7): it goes
 * with its conversation.
 */
export const removeTickets = async (
  context: Pick<WriteContext, 'db'>,
  workspaceId: string,
  ids: readonly string[],
  deletedAt: number,
): Promise<void> => {
  if (ids.length === 0) return;
  const removed = await context.db
    .updateTable('tickets')
    .set({ deleted_at: deletedAt })
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  await changeCounts(context, workspaceId, 'tickets', {
    stored: -Number(removed.numUpdatedRows),
    hydrated: 0,
  });
};

const replaceContacts = async (
  db: WriteDb,
  workspaceId: string,
  tickets: readonly IncomingTicket[],
): Promise<void> => {
  if (tickets.length === 0) return;
  await db
    .deleteFrom('ticket_contacts')
    .where('workspace_id', '=', workspaceId)
    .where(
      'ticket_id',
      'in',
      tickets.map((ticket) => ticket.columns.id),
    )
    .execute();
  await upsertRows(
    db,
    'ticket_contacts',
    ['workspace_id', 'ticket_id', 'contact_id'],
    tickets.flatMap(({ columns, contactIds }) =>
      [...new Set(contactIds)].map((id) => ({
        workspace_id: workspaceId,
        ticket_id: columns.id,
        contact_id: id,
      })),
    ),
  );
};

import type { TicketTable } from '../../entities/ticket/table.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';
import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { dequeue, type FetchFailure, noteFailures } from './fetch-queue.ts';
import { markDeleted } from './mark-deleted.ts';
import { changeCounts } from './mirror-counts.ts';
import { putAttributes } from './put-attributes.ts';
import { newestById } from './newest-by-id.ts';
import { stepWindow, type WindowStep } from './scans.ts';
import { storedTimes } from './stored-times.ts';
import { upsertRows } from './upsert-rows.ts';

const ENTITY = 'tickets';
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
  const { fence, fetchedAt, step, tickets } = args;
  await assertFence(context, fence);
  const changed = await putTickets(context, fence.workspaceId, tickets, fetchedAt);
  await stepWindow(context.db, fence.workspaceId, step);
  return changed;
};

export interface ApplyTicketObjectsArgs {
  readonly fence: Fence;
  /** Answers of GET /tickets/{id}. */
  readonly tickets: readonly IncomingTicket[];
  readonly failures: readonly FetchFailure[];
  readonly confirmAfterMs: number;
  /** Server time of the answers, and of a deletion that is confirmed now, Unix seconds. */
  readonly fetchedAt: number;
}

/**
 * Stores tickets that were asked for one by one, as a search would, and takes them off the queue; those that Intercom
 * twice did not have are marked as deleted.
 */
export const applyTicketObjects = async (
  context: WriteContext,
  args: ApplyTicketObjectsArgs,
): Promise<void> => {
  const { confirmAfterMs, failures, fence, fetchedAt, tickets } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  await putTickets(context, workspaceId, tickets, fetchedAt);
  const gone = await noteFailures(context, workspaceId, ENTITY, failures, confirmAfterMs);
  await removeTickets(context, workspaceId, gone, fetchedAt);
  await dequeue(
    context.db,
    workspaceId,
    ENTITY,
    tickets.map(({ columns }) => columns.id),
  );
};

/** @returns tickets that were new or newer */
const putTickets = async (
  context: WriteContext,
  workspaceId: string,
  incoming: readonly IncomingTicket[],
  fetchedAt: number,
): Promise<number> => {
  const { db } = context;
  const tickets = newestById(incoming);
  const known = await storedTimes(
    db,
    ENTITY,
    workspaceId,
    tickets.map((ticket) => ticket.columns.id),
  );
  const current = tickets.filter(({ columns: { id, updated_at } }) => {
    const { deleted_at: deletedAt = null, updated_at: knownAt = 0 } = known.get(id) ?? {};
    return updated_at >= (knownAt ?? 0) && (deletedAt === null || fetchedAt - deletedAt > LAG_SECONDS);
  });
  await upsertRows(
    db,
    ENTITY,
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
    ENTITY,
    current.map(({ attributes, columns }) => ({ id: columns.id, attributes })),
  );
  await changeCounts(context, workspaceId, ENTITY, {
    stored: current.filter(({ columns }) => known.get(columns.id)?.deleted_at !== null).length,
    hydrated: 0,
  });
  return current.filter(({ columns }) => known.get(columns.id)?.updated_at !== columns.updated_at).length;
};

/**
 * Marks tickets as deleted, and lets them wait no more. A ticket has the id of its conversation, and no feed of its own
 * (API-FACTS 5.2, 7.7): it goes with its conversation.
 */
export const removeTickets = async (
  context: Pick<WriteContext, 'db'>,
  workspaceId: string,
  ids: readonly string[],
  deletedAt: number,
): Promise<void> => {
  if (ids.length === 0) return;
  await markDeleted(context, ENTITY, workspaceId, ids, deletedAt);
  await dequeue(context.db, workspaceId, ENTITY, ids);
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

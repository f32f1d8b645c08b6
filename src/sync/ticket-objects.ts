import type { IncomingTicket } from '../data/writes/apply-tickets.ts';
import { isTicket, ticketPath } from '../entities/ticket/endpoints.ts';
import { AppError } from '../errors/app-error.ts';
import type { ObjectSource } from './fetch-queued.ts';
import { serverSeconds } from './run-context.ts';
import { toIncomingTicket } from './ticket-source.ts';

/** Tickets that a webhook announced; all others are listed whole. The thread comes with the conversation of the same id. */
export const TICKET_OBJECTS: ObjectSource<IncomingTicket> = {
  queue: 'tickets',
  entity: 'tickets',
  async fetch({ client, signal }, id, priority) {
    const { data, text } = await client.request('GET', ticketPath(id), {
      expect: isTicket(id),
      priority,
      signal,
    });
    const ticket = toIncomingTicket(text, data);
    if (ticket === undefined) throw new AppError('INTERCOM_BAD_BODY');
    return ticket;
  },
  async store({ client, fence, store, tuning }, tickets, failures) {
    await store.write('applyTicketObjects', {
      fence,
      tickets,
      failures,
      confirmAfterMs: tuning.confirmAfterMs,
      fetchedAt: serverSeconds(client),
    });
  },
};

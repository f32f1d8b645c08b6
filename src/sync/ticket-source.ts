import type { IncomingTicket } from '../data/writes/apply-tickets.ts';
import { TICKET_SEARCH_PATH, TICKETS_KEY } from '../entities/ticket/endpoints.ts';
import { type MappedTicket, mapTicket } from '../entities/ticket/mapping.ts';
import { attributeValues } from '../lib/custom-attributes.ts';
import { asObject } from '../lib/read-json.ts';
import type { SearchSource } from './search-scan.ts';

type ListedTicket = IncomingTicket & Pick<MappedTicket, 'times'>;

/** A payload and what it maps to, as the storage takes it; undefined without an id. */
export const toIncomingTicket = (payload: string, parsed: unknown): ListedTicket | undefined => {
  const mapped = mapTicket(parsed);
  if (mapped === undefined) return undefined;
  return { ...mapped, attributes: attributeValues(asObject(parsed), payload, 'ticket_attributes'), payload };
};

/** Tickets as they are listed: whole, with their parts. */
export const TICKETS: SearchSource<ListedTicket> = {
  entity: 'tickets',
  endpoint: { path: TICKET_SEARCH_PATH, key: TICKETS_KEY, map: toIncomingTicket },
  // Each page holds 150 whole tickets, and they come beside the threads of conversations.
  parallelWindows: 2,
  async store({ run }, step, page) {
    const { fence, store } = run;
    const changed = await store.write('applyTicketPage', {
      fence,
      step,
      tickets: page.items,
      fetchedAt: page.serverTime,
    });
    return { changed, queued: 0 };
  },
};

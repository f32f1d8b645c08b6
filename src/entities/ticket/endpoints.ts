import { asId, asObject, type Json } from '../../lib/read-json.ts';

/** POST /tickets/search: whole tickets, their parts included, so that a list needs no second request (API-FACTS 5.2). */
export const TICKET_SEARCH_PATH = '/tickets/search';
/** Key of the array in the answer (API-FACTS 3.1). */
export const TICKETS_KEY = 'tickets';

/** GET /tickets/{id}: the same object, by the id of its conversation (API-FACTS 5.2). */
export const ticketPath = (id: string): string => `/tickets/${encodeURIComponent(id)}`;

export const isTicket =
  (id: string) =>
  (json: unknown): json is Json =>
    asId(asObject(json).id) === id;

import { ApiError } from '../errors.ts';
import { type Condition, matching, within } from '../search/condition.ts';
import { timeSpans, valueTest } from '../search/operators.ts';
import { type Filter, parseQuery, unknownField } from '../search/parse-query.ts';
import { ticketField } from '../search/ticket-fields.ts';
import type { JsonObject } from '../world.ts';
import type { Handler } from './api.ts';
import { pageOf, perPageOf } from './paging.ts';
import { sortingOf } from './sort.ts';

/** The newest parts that Intercom gives (API-FACTS 5.2). */
const MAX_PARTS = 500;
/** API-FACTS 3.2. */
const USUAL_PER_PAGE = 20;

const conditionOf =
  (inclusive: boolean) =>
  (filter: Filter): Condition => {
    const field = ticketField(filter.field);
    if (field === undefined) throw unknownField(filter.field);
    const test = valueTest(filter, field.type, inclusive);
    const indexed = filter.field === 'created_at' || filter.field === 'updated_at' ? filter.field : undefined;
    const spans = indexed && timeSpans(filter, inclusive);
    if (indexed && spans) return within(indexed, spans);
    return matching((item) => test(field.read(item)));
  };

const capped = (ticket: JsonObject): JsonObject => {
  const list = ticket.ticket_parts as { ticket_parts: JsonObject[]; total_count: number };
  if (list.ticket_parts.length <= MAX_PARTS) return ticket;
  return { ...ticket, ticket_parts: { ...list, ticket_parts: list.ticket_parts.slice(-MAX_PARTS) } };
};

/** POST /tickets/search: whole tickets, with their parts (API-FACTS 5.2). */
export const searchTickets: Handler = ({ findTickets, behaviour }, { body, version }) => {
  const { inclusiveBounds, sort } = behaviour();
  const pagination = (body.pagination ?? {}) as { per_page?: unknown; starting_after?: unknown };
  const { items, total, pages } = findTickets({
    condition: parseQuery(body.query, conditionOf(inclusiveBounds)),
    key: `${inclusiveBounds} ${JSON.stringify(body.query)}`,
    ...sortingOf(body, sort, version),
    ...pageOf(behaviour(), perPageOf(pagination.per_page, USUAL_PER_PAGE), pagination.starting_after),
  });
  return { type: 'ticket.list', pages, total_count: total, tickets: items.map(capped) };
};

/** GET /tickets/{id}: by the id of its conversation, never by `ticket_id`. */
export const getTicket: Handler = ({ live }, { id }) => {
  const found = live.tickets.get(id);
  if (found === undefined) throw new ApiError(404, 'ticket_not_found', 'Ticket not found');
  return capped(found);
};

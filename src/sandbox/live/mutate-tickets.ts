import { ApiError } from '../errors.ts';
import { textOf } from '../text-of.ts';
import type { JsonObject } from '../world.ts';
import { appendPart } from './append-part.ts';
import { bump, editIn, removeFrom, type Tell } from './editing.ts';
import { type LiveWorld, partsOf } from './live-world.ts';

export interface TicketMutations {
  /** A new ticket; `fields` are of its conversation, `ticket` of what only tickets have. @returns its id */
  addTicket(fields?: JsonObject, ticket?: JsonObject): string;
  /** Makes a ticket of a conversation, or changes what only tickets have; attributes are added to those that it has. */
  setTicket(id: string, ticket: JsonObject, bumps?: boolean): void;
  /** By the id of a state, or by a category. A part tells of it. */
  setTicketState(id: string, state: string): void;
  /** Like `delete`, but the feed of deletions does not tell (API-FACTS 7.7). */
  deleteTicket(id: string): void;
}

const stateIn = (live: LiveWorld, wanted: string): JsonObject => {
  const found = live.lists.ticket_states.find(({ id, category }) => id === wanted || category === wanted);
  if (found === undefined) throw new ApiError(404, 'not_found', 'Ticket state not found');
  const { archived: _archived, ticket_types: _types, ...state } = found;
  return state;
};

/** A ticket of the first type that is in no state of work yet. */
const freshTicket = (live: LiveWorld, id: string, rank: number): JsonObject => ({
  type: 'ticket',
  id,
  ticket_id: String(rank + 1),
  category: 'Customer',
  ticket_type_id: live.lists.ticket_types[0]?.id ?? null,
  ticket_state: stateIn(live, 'submitted'),
  ticket_attributes: { _default_title_: `Ticket ${rank + 1}`, _default_description_: null },
  is_shared: true,
  previous_ticket_state_id: null,
});

export const ticketMutations = (live: LiveWorld, tell: Tell): TicketMutations => {
  const { conversations, tickets } = live;
  const edit = (id: string, change: (item: JsonObject) => void): void => {
    editIn(conversations, 'Ticket', id, change);
  };
  const told = (topic: string, id: string): void =>
    tell(topic, { ...tickets.get(id), ticket_parts: { type: 'ticket_part.list', ticket_parts: [] } });
  /** A conversation that is being added has the next rank. */
  const rankOf = (id: string): number => conversations.rankOf(id) ?? conversations.ranks;
  const merged = (item: JsonObject, change: JsonObject): JsonObject => {
    const id = textOf(item.id);
    const before = (item.ticket ?? freshTicket(live, id, rankOf(id))) as JsonObject;
    const attributes = {
      ...(before.ticket_attributes as JsonObject),
      ...(change.ticket_attributes as JsonObject),
    };
    return { ...before, ...change, ticket_attributes: attributes };
  };

  return {
    addTicket(fields = {}, ticket = {}) {
      const now = live.now();
      const id = conversations.add(now, (item) => {
        for (const part of partsOf(item))
          Object.assign(part, { created_at: now, updated_at: now, notified_at: now });
        Object.assign(item, { updated_at: now, statistics: null, ticket: null }, fields);
        item.ticket = merged(item, ticket);
      });
      told('ticket.created', id);
      return id;
    },
    setTicket(id, ticket, bumps = true) {
      edit(id, (item) => {
        item.ticket = merged(item, ticket);
        const time = bumps ? bump(live, item) : Number(item.updated_at);
        for (const [name, value] of Object.entries((ticket.ticket_attributes ?? {}) as JsonObject)) {
          const details = { attribute: { name }, value: { name: textOf(value) } };
          appendPart(
            live,
            item,
            {
              body: null,
              author: 'admin',
              part_type: 'ticket_attribute_updated_by_admin',
              fields: { event_details: details },
            },
            time,
          );
        }
      });
      told('ticket.attribute.updated', id);
    },
    setTicketState(id, wanted) {
      edit(id, (item) => {
        const state = stateIn(live, wanted);
        const ticket = merged(item, {});
        const before = ticket.ticket_state as JsonObject;
        item.ticket = { ...ticket, ticket_state: state, previous_ticket_state_id: before.id ?? null };
        const message = {
          body: null,
          author: 'admin',
          part_type: 'ticket_state_updated_by_admin',
        } as const;
        const partId = appendPart(live, item, message, bump(live, item));
        live.ticketSteps.set(partId, { from: textOf(before.category), to: textOf(state.category) });
      });
      told('ticket.state.updated', id);
    },
    deleteTicket(id) {
      removeFrom(conversations, 'Ticket', id);
    },
  };
};

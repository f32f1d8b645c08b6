import { textOf } from '../text-of.ts';
import type { JsonObject } from '../world.ts';
import type { LiveTable } from './live-table.ts';

/** Categories of the state before and after a part. */
export interface TicketStep {
  readonly from: string;
  readonly to: string;
}

export interface TicketFacts {
  readonly types: () => readonly JsonObject[];
  readonly stepOf: (partId: string) => TicketStep | undefined;
}

/** Tickets know no leads (API-FACTS 6.12). */
const authorOf = (author: JsonObject): JsonObject => {
  const { type, id, name, email } = author;
  return {
    type: type === 'lead' ? 'user' : (type ?? 'user'),
    id: id ?? '',
    name: name ?? null,
    email: email ?? '',
  };
};

/** What a part about an attribute says, in a ticket's own form (API-FACTS 5.2). */
const attributeData = (part: JsonObject, type: JsonObject | undefined): JsonObject | null => {
  if (part.part_type !== 'ticket_attribute_updated_by_admin') return null;
  const details = part.event_details as { attribute: JsonObject; value: JsonObject };
  const label = textOf(details.attribute.name);
  const known = ((type?.ticket_type_attributes as JsonObject | undefined)?.data ?? []) as JsonObject[];
  return {
    attribute: {
      type: 'attribute',
      id: textOf(known.find(({ name }) => name === label)?.id),
      label,
    },
    value: { type: 'value', id: null, label: textOf(details.value.name) },
  };
};

const partsIn = (
  conversation: JsonObject,
  facts: TicketFacts,
  type: JsonObject | undefined,
): JsonObject[] => {
  const { conversation_parts: parts } = conversation.conversation_parts as {
    conversation_parts: JsonObject[];
  };
  let state = 'submitted';
  return parts.map((part) => {
    const step = facts.stepOf(textOf(part.id));
    const previous = step?.from ?? state;
    const author = part.author as JsonObject;
    if (step !== undefined) state = step.to;
    else if (part.part_type === 'close') state = 'resolved';
    else if (author.type === 'admin') state = 'in_progress';
    return {
      type: 'ticket_part',
      id: textOf(part.id),
      part_type: part.part_type ?? '',
      body: part.body ?? null,
      previous_ticket_state: previous,
      ticket_state: state,
      created_at: part.created_at ?? 0,
      updated_at: part.updated_at ?? 0,
      assigned_to: part.assigned_to ?? null,
      author: authorOf(author),
      attachments: part.attachments ?? [],
      external_id: part.external_id ?? null,
      redacted: part.redacted ?? false,
      ...(typeof part.app_package_code === 'string' ? { app_package_code: part.app_package_code } : {}),
      updated_attribute_data: attributeData(part, type),
    };
  });
};

/** The ticket that a conversation is; undefined for one that is none (API-FACTS 5.1, 5.2). */
export const ticketOf = (conversation: JsonObject, facts: TicketFacts): JsonObject | undefined => {
  const ticket = conversation.ticket as JsonObject | null | undefined;
  if (ticket === null || ticket === undefined) return undefined;
  const type = facts.types().find(({ id }) => id === ticket.ticket_type_id);
  const { ticket_states: _states, ...shownType } = type ?? {};
  const parts = partsIn(conversation, facts, type);
  return {
    type: 'ticket',
    id: conversation.id ?? '',
    ticket_id: ticket.ticket_id ?? '',
    category: ticket.category ?? '',
    ticket_attributes: ticket.ticket_attributes ?? {},
    ticket_state: ticket.ticket_state ?? null,
    ticket_type: type === undefined ? null : shownType,
    contacts: conversation.contacts ?? null,
    // Nobody is 0 (API-FACTS 5.2).
    admin_assignee_id: conversation.admin_assignee_id ?? 0,
    team_assignee_id: conversation.team_assignee_id ?? 0,
    created_at: conversation.created_at ?? 0,
    updated_at: conversation.updated_at ?? 0,
    open: conversation.open ?? false,
    snoozed_until: conversation.snoozed_until ?? null,
    linked_objects: conversation.linked_objects ?? null,
    ticket_parts: { type: 'ticket_part.list', ticket_parts: parts, total_count: parts.length },
    is_shared: ticket.is_shared ?? false,
    previous_ticket_state_id: ticket.previous_ticket_state_id ?? null,
  };
};

/** The tickets of a table of conversations: found by the same ids, ranks and times, shown as tickets. */
export const createTicketTable = (conversations: LiveTable, facts: TicketFacts): LiveTable => {
  const shown = (conversation: JsonObject | undefined): JsonObject | undefined =>
    conversation && ticketOf(conversation, facts);
  return {
    ...conversations,
    get size() {
      return conversations.order('updated_at', 'tickets').count({
        low: Number.NEGATIVE_INFINITY,
        high: Number.POSITIVE_INFINITY,
      });
    },
    get ranks() {
      return conversations.ranks;
    },
    at: (rank) => shown(conversations.at(rank)),
    get: (id) => shown(conversations.get(id)),
    order: (field) => conversations.order(field, 'tickets'),
  };
};

import { asArray, asFilledText, asFlag, asId, asInteger, asObject, asTime } from '../../lib/read-json.ts';
import type { TicketTable } from './table.ts';

export type TicketColumns = Omit<TicketTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** A ticket taken apart. */
export interface MappedTicket {
  readonly columns: TicketColumns;
  readonly contactIds: readonly string[];
  /** Times as the payload has them; null where they cannot be read (the columns have a substitute then). */
  readonly times: { readonly created_at: number | null; readonly updated_at: number | null };
}

/** Attributes that every ticket has stand among the others, by these names (API-FACTS 5.2). */
const TITLE = '_default_title_';
const DESCRIPTION = '_default_description_';

/** A string at 2.11 and before, an object since (API-FACTS 5.2). */
const stateOf = (value: unknown): { readonly id: string | null; readonly category: string | null } => {
  const state = asObject(value);
  return { id: asId(state.id), category: asFilledText(value) ?? asFilledText(state.category) };
};

/** A ticket object → columns; undefined without an id. */
export const mapTicket = (payload: unknown): MappedTicket | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  const times = { created_at: asTime(object.created_at), updated_at: asTime(object.updated_at) };
  const createdAt = times.created_at ?? times.updated_at ?? 0;
  const attributes = asObject(object.ticket_attributes);
  const type = asObject(object.ticket_type);
  const state = stateOf(object.ticket_state);
  const list = asObject(object.ticket_parts);
  const given = asArray(list.ticket_parts).length;
  const partCount = Math.max(asInteger(list.total_count) ?? given, given);
  return {
    times,
    contactIds: asArray(asObject(object.contacts).contacts).flatMap(
      (contact) => asId(asObject(contact).id) ?? [],
    ),
    columns: {
      id,
      ticket_id: asId(object.ticket_id),
      ticket_type_id: asId(type.id),
      ticket_type_name: asFilledText(type.name),
      category: asFilledText(object.category) ?? asFilledText(type.category),
      ticket_state_id: state.id,
      state: state.category,
      title: asFilledText(attributes[TITLE]),
      description: asFilledText(attributes[DESCRIPTION]),
      open: asFlag(object.open),
      is_shared: asFlag(object.is_shared),
      snoozed_until: asTime(object.snoozed_until),
      admin_assignee_id: asId(object.admin_assignee_id),
      team_assignee_id: asId(object.team_assignee_id),
      created_at: createdAt,
      updated_at: times.updated_at ?? createdAt,
      part_count: partCount,
      parts_truncated: given < partCount ? 1 : 0,
    },
  };
};

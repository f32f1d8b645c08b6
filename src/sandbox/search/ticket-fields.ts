import { textOf } from '../text-of.ts';
import type { JsonObject } from '../world.ts';
import type { SearchField } from './conversation-fields.ts';
import type { FieldType } from './operators.ts';

/** Searches name the categories otherwise than answers (API-FACTS 5.2). */
const TERMS: Readonly<Record<string, string>> = {
  Customer: 'request',
  'Back-office': 'task',
  Tracker: 'tracker',
};

const plain = (type: FieldType, names: string): readonly (readonly [string, SearchField])[] =>
  names.split(' ').map((name) => [name, { type, read: (item) => item[name] }]);

const attributesOf = (item: JsonObject): JsonObject => item.ticket_attributes as JsonObject;
const idsIn = (list: unknown, key: string): unknown[] =>
  (((list as JsonObject | null)?.[key] ?? []) as JsonObject[]).map(({ id }) => id);

/** Who has answered or was assigned. */
const teammatesOf = (item: JsonObject): unknown[] => {
  const { ticket_parts: parts } = item.ticket_parts as { ticket_parts: JsonObject[] };
  return parts
    .map(({ author }) => author as JsonObject)
    .filter(({ type }) => type === 'admin')
    .map(({ id }) => id);
};

const FIELDS: ReadonlyMap<string, SearchField> = new Map<string, SearchField>([
  ...plain('string', 'id'),
  ...plain('boolean', 'open'),
  ...plain('integer', 'admin_assignee_id team_assignee_id'),
  ...plain('date', 'created_at updated_at snoozed_until'),
  ['title', { type: 'string', read: (item) => attributesOf(item)._default_title_ }],
  ['description', { type: 'string', read: (item) => attributesOf(item)._default_description_ }],
  ['category', { type: 'string', read: (item) => TERMS[textOf(item.category)] }],
  ['ticket_type_id', { type: 'string', read: (item) => (item.ticket_type as JsonObject | null)?.id }],
  ['contact_ids', { type: 'string', read: (item) => idsIn(item.contacts, 'contacts') }],
  ['teammate_ids', { type: 'string', read: teammatesOf }],
  ['state', { type: 'string', read: (item) => (item.ticket_state as JsonObject | null)?.category }],
]);

const ATTRIBUTE = 'ticket_attribute.';

const byAttributeId = (id: string): SearchField => ({
  type: 'string',
  read(item) {
    const { data } = (item.ticket_type as { ticket_type_attributes: { data: JsonObject[] } })
      .ticket_type_attributes;
    const name = data.find((attribute) => attribute.id === id)?.name;
    return name === undefined ? undefined : attributesOf(item)[textOf(name)];
  },
});

/** A searchable field of a ticket (API-FACTS 4.9); undefined for an unknown one, as `ticket_state` is. */
export const ticketField = (name: string): SearchField | undefined =>
  name.startsWith(ATTRIBUTE) ? byAttributeId(name.slice(ATTRIBUTE.length)) : FIELDS.get(name);

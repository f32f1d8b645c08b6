import { asFilledText, asFlag, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { TicketTypeTable } from './table.ts';

export type TicketTypeColumns = Omit<
  TicketTypeTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'
>;

/** An object of GET /ticket_types → columns; undefined without an id. */
export const mapTicketType = (payload: unknown): TicketTypeColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
    description: asFilledText(object.description),
    category: asFilledText(object.category),
    icon: asFilledText(object.icon),
    archived: asFlag(object.archived),
    is_internal: asFlag(object.is_internal),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};

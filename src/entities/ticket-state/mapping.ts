import { asFilledText, asFlag, asId, asObject } from '../../lib/read-json.ts';
import type { TicketStateTable } from './table.ts';

export type TicketStateColumns = Omit<
  TicketStateTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'
>;

/** An object of GET /ticket_states → columns; undefined without an id. */
export const mapTicketState = (payload: unknown): TicketStateColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    category: asFilledText(object.category),
    internal_label: asFilledText(object.internal_label),
    external_label: asFilledText(object.external_label),
    archived: asFlag(object.archived),
  };
};

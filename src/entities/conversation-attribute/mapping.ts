import { asFilledText, asFlag, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { ConversationAttributeTable } from './table.ts';

export type ConversationAttributeColumns = Omit<
  ConversationAttributeTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'
>;

/**
 * An object of GET /conversations/attributes, or of GET /data_attributes?model=conversation, → columns; undefined with
 * neither id nor name.
 */
export const mapConversationAttribute = (payload: unknown): ConversationAttributeColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  const name = asFilledText(object.name);
  if (id === null && name === null) return undefined;
  return {
    object_key: id ?? `name:${name}`,
    id,
    name,
    description: asFilledText(object.description),
    data_type: asFilledText(object.data_type),
    required: asFlag(object.required),
    archived: asFlag(object.archived),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};

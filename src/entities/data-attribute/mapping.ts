import { asFilledText, asFlag, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { DataAttributeTable } from './table.ts';

export type DataAttributeColumns = Omit<
  DataAttributeTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'
>;

/** An object of GET /data_attributes → columns; undefined without a name. */
export const mapDataAttribute = (payload: unknown): DataAttributeColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  const model = asFilledText(object.model);
  const fullName = asFilledText(object.full_name) ?? asFilledText(object.name);
  if (model === null || fullName === null) return undefined;
  return {
    object_key: `${model}:${id ?? fullName}`,
    id,
    model,
    name: asFilledText(object.name),
    full_name: fullName,
    label: asFilledText(object.label),
    description: asFilledText(object.description),
    data_type: asFilledText(object.data_type),
    custom: asFlag(object.custom),
    archived: asFlag(object.archived),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};

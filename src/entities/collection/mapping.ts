import { asFilledText, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { CollectionTable } from './table.ts';

export type CollectionColumns = Omit<
  CollectionTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'listed_in' | 'deleted_at'
>;

/** An object of GET /help_center/collections → columns; undefined without an id. */
export const mapCollection = (payload: unknown): CollectionColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
    description: asFilledText(object.description),
    url: asFilledText(object.url),
    parent_id: asId(object.parent_id),
    help_center_id: asId(object.help_center_id),
    default_locale: asFilledText(object.default_locale),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};

import { asFilledText, asId, asObject } from '../../lib/read-json.ts';
import type { TagTable } from './table.ts';

export type TagColumns = Omit<TagTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** An object of GET /tags → columns; undefined without an id. */
export const mapTag = (payload: unknown): TagColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
  };
};

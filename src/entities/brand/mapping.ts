import { asFilledText, asFlag, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { BrandTable } from './table.ts';

export type BrandColumns = Omit<BrandTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** An object of GET /brands → columns; undefined without an id. */
export const mapBrand = (payload: unknown): BrandColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
    is_default: asFlag(object.is_default),
    help_center_id: asId(object.help_center_id),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};

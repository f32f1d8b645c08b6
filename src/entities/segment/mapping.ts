import { asFilledText, asId, asInteger, asObject, asTime } from '../../lib/read-json.ts';
import type { SegmentTable } from './table.ts';

export type SegmentColumns = Omit<SegmentTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** An object of GET /segments → columns; undefined without an id. */
export const mapSegment = (payload: unknown): SegmentColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
    person_type: asFilledText(object.person_type),
    count: asInteger(object.count),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};

import { asFilledText, asId, asObject } from '../../lib/read-json.ts';
import type { AdminTable } from './table.ts';

export type AdminColumns = Omit<AdminTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** An object of GET /admins → columns; undefined without an id. */
export const mapAdmin = (payload: unknown): AdminColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
    email: asFilledText(object.email),
  };
};

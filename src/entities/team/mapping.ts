import { asFilledText, asId, asObject } from '../../lib/read-json.ts';
import type { TeamTable } from './table.ts';

export type TeamColumns = Omit<TeamTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** An object of GET /teams → columns; undefined without an id. */
export const mapTeam = (payload: unknown): TeamColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
  };
};

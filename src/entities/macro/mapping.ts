import { asFilledText, asId, asObject, asTime } from '../../lib/read-json.ts';
import type { MacroTable } from './table.ts';

export type MacroColumns = Omit<
  MacroTable,
  'workspace_id' | 'payload' | 'fetched_at' | 'listed_in' | 'deleted_at'
>;

/** An object of GET /macros → columns; undefined without an id. */
export const mapMacro = (payload: unknown): MacroColumns | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  return {
    id,
    name: asFilledText(object.name),
    visible_to: asFilledText(object.visible_to),
    created_at: asTime(object.created_at),
    updated_at: asTime(object.updated_at),
  };
};

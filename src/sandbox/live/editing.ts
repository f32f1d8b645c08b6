import { ApiError } from '../errors.ts';
import type { JsonObject } from '../world.ts';
import type { LiveTable } from './live-table.ts';
import type { LiveWorld } from './live-world.ts';

/** Hears of a change as a webhook would: the topic and its item (API-FACTS 8.1). */
export type Tell = (topic: string, item: JsonObject) => void;

const missing = (kind: string): ApiError => new ApiError(404, 'not_found', `${kind} not found`);

/** Moves updated_at to now, or by a second where that is no step. @returns the new time */
export const bump = (live: LiveWorld, item: JsonObject): number => {
  const time = Math.max(live.now(), Number(item.updated_at) + 1);
  item.updated_at = time;
  return time;
};

/** Changes an object that has to be there. @returns it as it is now @throws ApiError 404 */
export const editIn = (
  table: LiveTable,
  kind: string,
  id: string,
  change: (item: JsonObject) => void,
): JsonObject => {
  if (!table.edit(id, change)) throw missing(kind);
  return table.get(id) ?? {};
};

/** @returns it as it was @throws ApiError 404 */
export const removeFrom = (table: LiveTable, kind: string, id: string): JsonObject => {
  const before = table.get(id);
  if (before === undefined || !table.remove(id)) throw missing(kind);
  return before;
};

/** @throws ApiError 404 */
export const hideIn = (table: LiveTable, kind: string, id: string, hidden: boolean): void => {
  if (!table.hide(id, hidden)) throw missing(kind);
};

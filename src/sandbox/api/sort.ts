import { ApiError } from '../errors.ts';
import { unknownField } from '../search/parse-query.ts';
import { textOf } from '../text-of.ts';
import { isAtLeast } from '../versions.ts';
import type { JsonObject, TimeField } from '../world.ts';

/** How the API treats `sort` (TRAPS T05): as told, not at all, or always the other way round. */
export type SortMode = 'honoured' | 'ignored' | 'reversed';

export interface Sorting {
  readonly sortBy: TimeField;
  readonly ascending: boolean;
}

/** Without a sort, the newest activity comes first (API-FACTS 4.7). */
export const NEWEST_FIRST: Sorting = { sortBy: 'updated_at', ascending: false };
const FIELDS: ReadonlyMap<string, TimeField> = new Map([
  ['created_at', 'created_at'],
  ['updated_at', 'updated_at'],
  ['last_request_at', 'updated_at'],
]);

/**
 * `sort` of a search body. Only times can be sorted by here. Before 2.16 a wrong word for the order was taken as descending.
 * @throws ApiError 400 (API-FACTS 4.8)
 */
export const sortingOf = (body: JsonObject, mode: SortMode, version: string): Sorting => {
  const sort = (body.sort ?? {}) as { readonly field?: unknown; readonly order?: unknown };
  const { order = 'descending' } = sort;
  if (order !== 'ascending' && order !== 'descending' && isAtLeast(version, '2.16'))
    throw new ApiError(
      400,
      'invalid_sort_order',
      `Invalid sort order '${textOf(order)}'. Must be one of: ascending, descending`,
    );
  const sortBy = sort.field === undefined ? NEWEST_FIRST.sortBy : FIELDS.get(textOf(sort.field));
  if (sortBy === undefined) throw unknownField(textOf(sort.field));
  if (mode === 'ignored') return NEWEST_FIRST;
  return { sortBy, ascending: (order === 'ascending') !== (mode === 'reversed') };
};

import type { SearchFilter, SearchNode } from '../../src/data/search-filter.ts';
import type { SearchTimeField } from '../../src/data/search-index/types.ts';

export interface Filters {
  readonly state?: string;
  readonly tagIds?: readonly string[];
  readonly person?: string;
  readonly adminAssigneeId?: string;
  readonly ids?: readonly string[];
  readonly time?: { readonly field: SearchTimeField; readonly start?: number; readonly end?: number };
}

/** Filters as the storage takes them: all of them hold. */
export const where = (filters: Filters = {}): SearchNode => {
  const { adminAssigneeId, ids, person, state, tagIds, time } = filters;
  const list: SearchFilter[] = [
    ...(state === undefined ? [] : [{ by: 'state' as const, values: [state] }]),
    ...(tagIds === undefined ? [] : [{ by: 'tag' as const, values: tagIds }]),
    ...(person === undefined ? [] : [{ by: 'person' as const, value: person }]),
    ...(adminAssigneeId === undefined ? [] : [{ by: 'admin' as const, values: [adminAssigneeId] }]),
    ...(ids === undefined ? [] : [{ by: 'id' as const, values: ids }]),
    ...(time === undefined ? [] : [{ by: 'time' as const, ...time }]),
  ];
  return { kind: 'and', nodes: list.map((filter) => ({ kind: 'filter', filter })) };
};

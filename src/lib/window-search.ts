export type SearchTimeField = 'created_at' | 'updated_at';

/** One page of one window of a search. */
export interface WindowSearch {
  readonly field: SearchTimeField;
  /** Inclusive bounds, Unix seconds. */
  readonly lower: number;
  readonly upper: number;
  readonly perPage: number;
  readonly startingAfter?: string;
}

/**
 * Body of POST /conversations/search and /tickets/search for one window. Bounds are widened by one second each, because
 * `>` and `<` may be read as inclusive or exclusive (API-FACTS 4.2, TRAPS T04); the caller drops what lies outside.
 */
export const windowSearchBody = (search: WindowSearch) => ({
  query: {
    operator: 'AND',
    value: [
      { field: search.field, operator: '>', value: search.lower - 1 },
      { field: search.field, operator: '<', value: search.upper + 1 },
    ],
  },
  sort: { field: search.field, order: 'ascending' },
  pagination: {
    per_page: search.perPage,
    ...(search.startingAfter === undefined ? {} : { starting_after: search.startingAfter }),
  },
});

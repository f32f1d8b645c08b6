import { type RawBuilder, sql } from 'kysely';

/**
 * A text column that a condition is checked against, but not looked up by. SQLite has no figures of what a table holds and
 * takes an index that begins with `workspace_id` for more telling than a list of keys: it would read the whole workspace.
 */
export const unindexed = (column: string): RawBuilder<string> =>
  sql<string>`coalesce(${sql.ref(column)}, '')`;

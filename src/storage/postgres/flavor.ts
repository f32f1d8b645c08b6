import { sql } from 'kysely';
import type { Flavor } from '../../data/context.ts';

/** The server engine. */
export const postgresFlavor: Flavor = {
  engine: 'postgres',
  // statement_timeout ends what takes too long.
  alive: () => sql<boolean>`true`,
  // Not now(): that stands still within a transaction, which may have waited for a lock.
  now: () => sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`,
  locksRows: true,
  async nextDocIds(db, count) {
    if (count === 0) return [];
    const { rows } = await sql<{ id: number }>`
      select nextval('conversation_doc_ids') as id from generate_series(1, ${count}::int)`.execute(db);
    return rows.map((row) => Number(row.id));
  },
};

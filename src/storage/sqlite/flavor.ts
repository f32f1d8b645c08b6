import { sql } from 'kysely';
import type { Flavor } from '../../data/context.ts';

/** The embedded engine. */
export const sqliteFlavor: Flavor = {
  engine: 'sqlite',
  alive: () => sql<boolean>`alive() = 1`,
  now: () => sql<number>`cast(unixepoch('subsec') * 1000 as integer)`,
  // One writer at a time: it holds the write lock from its first statement on.
  locksRows: false,
  async nextDocIds(db, count) {
    if (count === 0) return [];
    const { rows } = await sql<{ top: number | null }>`select max(doc_id) as top from conversations`.execute(
      db,
    );
    const top = rows[0]?.top ?? 0;
    return Array.from({ length: count }, (_, index) => top + 1 + index);
  },
};

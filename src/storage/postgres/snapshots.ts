import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Readers are short, and so is an ANALYZE of the server's own. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 50;

/**
 * Waits until nobody has a snapshot from before now: rows that were replaced are kept for such a one, and a VACUUM copies
 * them into its new file. Nor may a transaction go on that wrote before, in whatever database of the server: the VACUUM's own
 * snapshot would reach back to it. Other users' snapshots show to a superuser only.
 * @returns false when one is still there after some seconds
 */
export const snapshotsPassed = async (pool: pg.Pool): Promise<boolean> => {
  const { rows } = await pool.query<{ next: string }>(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as next',
  );
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const older = await pool.query(
      `select 1 where pg_snapshot_xmin(pg_current_snapshot())::text::bigint < $1::bigint
       union all
       select 1 from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_xmin is not null
          and age(backend_xmin) > pg_snapshot_xmax(pg_current_snapshot())::text::bigint - $1::bigint
        limit 1`,
      [rows[0]?.next],
    );
    if (older.rows.length === 0) return true;
    if (performance.now() > until) return false;
    await sleep(LOOK_MS);
  }
};

import pg from 'pg';

export interface TableLock {
  /** Resolves when that many statements of others wait for the lock. */
  waiters(count: number): Promise<void>;
  release(): Promise<void>;
}

/** Holds a PostgreSQL table so that every statement on it waits: a call that is under way for as long as a test needs. */
export const lockTable = async (url: string, table: string): Promise<TableLock> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return {
    async waiters(count) {
      for (;;) {
        const { rows } = await client.query<{ waiting: number }>(
          'select count(distinct pid)::int as waiting from pg_locks where not granted',
        );
        if ((rows[0]?.waiting ?? 0) >= count) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async release() {
      await client.query('rollback');
      await client.end();
    },
  };
};

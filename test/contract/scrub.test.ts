import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it } from 'vitest';
import { bytesOf } from '../support/mirror-bytes.ts';
import { describeWithPostgres } from '../support/postgres.ts';
import { beginSync, mirror } from './builders.ts';
import { ENGINES } from './engines.ts';

const SECRET = 'zanzibarium4711secret';

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
};

describeWithPostgres('files written anew [postgres]', () => {
  it.each([
    ['a snapshot that shows the old rows', 'here', 'begin isolation level repeatable read; select 1'],
    [
      'a write in another database, to which each new snapshot reaches back',
      'elsewhere',
      'begin; select pg_current_xact_id()',
    ],
  ])('wait for the end of %s', async (_what, where, statement) => {
    const place = await ENGINES[1].create();
    const store = await place.open();
    const fence = await beginSync(store);
    await mirror(store, fence, [{ id: '1', created_at: 1_700_000_000, opening: `<p>${SECRET}</p>` }]);
    expect(await bytesOf(place.url)).toContain(SECRET);
    const older = await connect(where === 'here' ? place.url : (process.env.TEST_POSTGRES_URL ?? ''));
    const eraser = await connect(place.url);
    try {
      await older.query(statement);
      const { rows } = await eraser.query<{ name: string }>(
        `select tablename as name from pg_tables where schemaname = current_schema() and tablename not like 'workspace%'`,
      );
      for (const { name } of rows) await eraser.query(`delete from ${name}`);
      let ended = false;
      const scrubbing = store.scrub().finally(() => {
        ended = true;
      });
      await sleep(500);
      expect(ended).toBe(false);
      await older.query('commit');
      expect(await scrubbing).toBe(true);
      expect(await bytesOf(place.url)).not.toContain(SECRET);
    } finally {
      await Promise.all([older.end(), eraser.end()]);
      await place.drop();
    }
  });
});

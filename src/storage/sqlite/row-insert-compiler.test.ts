import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeSqliteDialect } from './dialect.ts';
import { isRowInsert, RowInsertCompiler } from './row-insert-compiler.ts';

interface Tables {
  readonly things: { id: number; name: string; seen: number };
}

const THREE = [1, 2, 3].map((id) => ({ id, name: `name ${id}`, seen: 0 }));

describe('inserts of many rows', () => {
  let db: DatabaseSync;
  let kysely: Kysely<Tables>;
  beforeEach(() => {
    db = new DatabaseSync(':memory:');
    db.exec('create table things (id integer primary key, name text not null unique, seen integer not null)');
    kysely = new Kysely<Tables>({ dialect: nodeSqliteDialect(db, 'writer') });
  });
  afterEach(() => db.close());

  const stored = () => kysely.selectFrom('things').selectAll().orderBy('id').execute();
  const compile = (rows: typeof THREE) =>
    new RowInsertCompiler().compileQuery(
      kysely.insertInto('things').values(rows).toOperationNode(),
      kysely.insertInto('things').values(rows).compile().queryId,
    );

  it('have one text, whatever the number of rows', async () => {
    expect(compile(THREE).sql).toBe(compile(THREE.slice(0, 2)).sql);
    expect(isRowInsert(compile(THREE))).toBe(true);
    const { numInsertedOrUpdatedRows } = await kysely
      .insertInto('things')
      .values(THREE)
      .executeTakeFirstOrThrow();
    expect(numInsertedOrUpdatedRows).toBe(3n);
    expect(await stored()).toEqual(THREE);
  });

  it('bind what the clause for conflicts binds to each of them', async () => {
    await kysely.insertInto('things').values(THREE).execute();
    await kysely
      .insertInto('things')
      .values([...THREE.slice(1), { id: 4, name: 'name 4', seen: 0 }])
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({ name: eb.ref('excluded.name'), seen: 7 })),
      )
      .execute();
    expect((await stored()).map(({ id, seen }) => [id, seen])).toEqual([
      [1, 0],
      [2, 7],
      [3, 7],
      [4, 0],
    ]);
  });

  it('leave nothing of a transaction in which one of them is refused', async () => {
    const failing = kysely.transaction().execute((tx) =>
      tx
        .insertInto('things')
        .values([...THREE, { id: 4, name: 'name 1', seen: 0 }])
        .execute(),
    );
    await expect(failing).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await stored()).toEqual([]);
  });

  it('stay one statement where a value is an expression or rows are asked back', async () => {
    await kysely
      .insertInto('things')
      .values(THREE.map((row) => ({ ...row, seen: sql<number>`${row.id} + 1` })))
      .execute();
    expect((await stored()).map(({ seen }) => seen)).toEqual([2, 3, 4]);
    const more = THREE.map(({ id }) => ({ id: id + 10, name: `more ${id}`, seen: 0 }));
    const rows = await kysely.insertInto('things').values(more).returning('id').execute();
    expect(rows).toEqual([{ id: 11 }, { id: 12 }, { id: 13 }]);
  });
});

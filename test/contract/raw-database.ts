import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { sqlitePathOf } from '../../src/storage/open-store.ts';
import { POSTGRES_MIGRATIONS } from '../../src/storage/postgres/migrations.ts';
import { SQLITE_MIGRATIONS } from '../../src/storage/sqlite/migrations.ts';

const BIGINT = 20;

export type RawRow = Readonly<Record<string, unknown>>;

/** A database without the program in between. */
export interface RawDatabase {
  /** Rows in an order of their own, values as both engines can be compared. */
  query(sql: string): Promise<readonly RawRow[]>;
  run(sql: string): Promise<void>;
  close(): Promise<void>;
}

const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? Number(value) : value;
};

const sorted = (rows: readonly object[]): RawRow[] =>
  rows
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))
    .map((row) => ({ row, key: JSON.stringify(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);

export const openRaw = async (url: string): Promise<RawDatabase> => {
  const path = sqlitePathOf(url);
  if (path !== undefined) {
    const db = new DatabaseSync(path);
    return {
      query: async (sql) => sorted(db.prepare(sql).all()),
      run: async (sql) => db.exec(sql),
      close: async () => db.close(),
    };
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    // bigint comes as text; the values of tests are small.
    query: async (sql) => {
      const { fields, rows } = await client.query<Record<string, unknown>>(sql);
      for (const { dataTypeID, name } of fields)
        if (dataTypeID === BIGINT)
          for (const row of rows) row[name] = row[name] === null ? null : Number(row[name]);
      return sorted(rows);
    },
    run: async (sql) => void (await client.query(sql)),
    close: () => client.end(),
  };
};

/** Takes all later versions of the schema away again: what is left is a database of the first. */
export const downgrade = async (url: string): Promise<void> => {
  const isFile = sqlitePathOf(url) !== undefined;
  const migrations = isFile ? SQLITE_MIGRATIONS : POSTGRES_MIGRATIONS;
  const statements = migrations.filter(({ version }) => version > 1).flatMap((later) => later.statements);
  const raw = await openRaw(url);
  for (const statement of statements.toReversed()) {
    const [, index] = /^create index (\w+)/.exec(statement) ?? [];
    if (index !== undefined) await raw.run(`drop index if exists ${index}`);
    const [, table] = /^create table (\w+)/.exec(statement) ?? [];
    if (table !== undefined) await raw.run(`drop table ${table}`);
    const [, altered, column] = /^alter table (\w+) add column (\w+)/.exec(statement) ?? [];
    if (column !== undefined) await raw.run(`alter table ${altered} drop column ${column}`);
  }
  await raw.run(isFile ? 'pragma user_version = 1' : 'delete from schema_migrations where version > 1');
  await raw.close();
};

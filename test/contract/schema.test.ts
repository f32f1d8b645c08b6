import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { expect, it } from 'vitest';
import { sqlitePathOf } from '../../src/storage/open-store.ts';
import { describeWithPostgres } from '../support/postgres.ts';
import { ENGINES } from './engines.ts';

/** Tables with their columns: name, kind of value, whether it may be missing. */
type Schema = Readonly<Record<string, readonly string[]>>;

/** Kept by one engine only: PostgreSQL notes its version in a table, SQLite in the file's header. */
const OWN_TABLES = new Set(['schema_migrations']);

const KINDS: Readonly<Record<string, string>> = {
  TEXT: 'text',
  INTEGER: 'integer',
  BLOB: 'bytes',
  REAL: 'number',
  text: 'text',
  bigint: 'integer',
  integer: 'integer',
  smallint: 'integer',
  bytea: 'bytes',
  'double precision': 'number',
};
const column = (name: string, type: string, required: boolean): string =>
  `${name} ${KINDS[type] ?? type}${required ? ' not null' : ''}`;

const sqliteSchema = (path: string): { readonly tables: Schema; readonly indexes: readonly string[] } => {
  const db = new DatabaseSync(path, { readOnly: true });
  const names = (sql: string): string[] =>
    db
      .prepare(sql)
      .all()
      .map((row) => String(row.name));
  const tables = Object.fromEntries(
    names(`select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'`).map((table) => [
      table,
      db
        .prepare(`select name, type, "notnull" as required, pk from pragma_table_info(?)`)
        .all(table)
        // A key column may not be null, whatever its declaration says (strict tables).
        .map((row) => column(String(row.name), String(row.type), row.required === 1 || Number(row.pk) > 0))
        .sort(),
    ]),
  );
  const indexes = names(`select name from sqlite_schema where type = 'index' and name not like 'sqlite_%'`);
  db.close();
  return { tables, indexes: indexes.sort() };
};

const postgresSchema = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(
    `select table_name, column_name, data_type, is_nullable, collation_name
       from information_schema.columns where table_schema = 'public'`,
  );
  const { rows: indexRows } = await client.query<{ indexname: string }>(
    `select indexname from pg_indexes where schemaname = 'public'
        and indexname not like '%_pkey' and indexname not like '%_key'`,
  );
  await client.end();
  const tables: Record<string, string[]> = {};
  const uncollated: string[] = [];
  for (const row of rows) {
    const table = row.table_name ?? '';
    if (OWN_TABLES.has(table)) continue;
    if (row.data_type === 'text' && row.collation_name !== 'C')
      uncollated.push(`${table}.${row.column_name}`);
    (tables[table] ??= []).push(column(row.column_name ?? '', row.data_type ?? '', row.is_nullable === 'NO'));
  }
  for (const columns of Object.values(tables)) columns.sort();
  return { tables: tables as Schema, uncollated, indexes: indexRows.map((row) => row.indexname).sort() };
};

describeWithPostgres('the schema', () => {
  it('has the same tables, columns and indexes on both engines, and compares text by bytes', async () => {
    const [sqlite, postgres] = await Promise.all(ENGINES.map((engine) => engine.create()));
    if (sqlite === undefined || postgres === undefined) throw new Error('an engine is missing');
    await Promise.all([sqlite.open(), postgres.open()]);
    const one = sqliteSchema(sqlitePathOf(sqlite.url) ?? '');
    const other = await postgresSchema(postgres.url);
    expect(Object.keys(one.tables).length).toBeGreaterThan(10);
    expect(other.tables).toEqual(one.tables);
    expect(other.indexes).toEqual(one.indexes);
    expect(other.uncollated).toEqual([]);
    await Promise.all([sqlite.drop(), postgres.drop()]);
  });

  it('has the workspace first in the key of every table that holds rows of one', async () => {
    const sqlite = await ENGINES[0].create();
    await sqlite.open();
    const db = new DatabaseSync(sqlitePathOf(sqlite.url) ?? '', { readOnly: true });
    const keys = db
      .prepare(
        `select t.name as "table", c.name as "column" from sqlite_schema t, pragma_table_info(t.name) c
          where t.type = 'table' and t.name not like 'sqlite_%' and c.pk = 1`,
      )
      .all()
      .map((row) => `${String(row.table)}.${String(row.column)}`);
    db.close();
    const others = keys.filter((key) => !key.endsWith('.workspace_id'));
    expect(others.sort()).toEqual(['settings.name', 'workspace_aliases.alias', 'workspaces.id']);
    await sqlite.drop();
  });
});

import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { AppError } from '../../errors/app-error.ts';
import { toStoreError } from './errors.ts';
import { POSTGRES_MIGRATIONS } from './migrations.ts';

export const POSTGRES_SCHEMA_VERSION = POSTGRES_MIGRATIONS.at(-1)?.version ?? 0;

/** Key of the advisory lock that lets one process migrate at a time. */
const MIGRATION_LOCK = 7_346_117_349;

const storedVersion = async (client: PoolClient): Promise<number> => {
  // A plain query on the catalogue: name look-ups such as to_regclass may still remember that the table was not there.
  const { rowCount: found } = await client.query(
    `select 1 from pg_tables where tablename = 'schema_migrations' and schemaname = any (current_schemas(false))`,
  );
  if (found === 0) return 0;
  const { rows } = await client.query<{ version: number | null }>(
    'select max(version) as version from schema_migrations',
  );
  const version = Number(rows[0]?.version ?? 0);
  if (version > POSTGRES_SCHEMA_VERSION) {
    throw new AppError(
      'STORE_SCHEMA_NEWER',
      `The database has schema ${version}, this version knows ${POSTGRES_SCHEMA_VERSION}; nothing was changed.`,
    );
  }
  return version;
};

const migrateLocked = async (client: PoolClient): Promise<readonly number[]> => {
  await client.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
  const version = await storedVersion(client);
  const pending = POSTGRES_MIGRATIONS.filter((migration) => migration.version > version);
  if (version === 0) {
    await client.query(
      'create table schema_migrations (version integer primary key, applied_at timestamptz not null default now())',
    );
  }
  for (const migration of pending) {
    for (const statement of migration.statements) await client.query(statement);
    await client.query('insert into schema_migrations (version) values ($1)', [migration.version]);
  }
  if (version === 0) {
    await client.query(`insert into settings (name, value) values ('cursor_key', $1)`, [
      randomBytes(32).toString('hex'),
    ]);
  }
  return pending.map((migration) => migration.version);
};

/**
 * Brings the schema up to date in one transaction, one process at a time.
 * @returns the versions that were applied, oldest first
 * @throws AppError STORE_SCHEMA_NEWER, STORE_*
 */
export const migratePostgres = async (pool: Pool): Promise<readonly number[]> => {
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  try {
    if ((await storedVersion(client)) === POSTGRES_SCHEMA_VERSION) return [];
    await client.query('begin');
    try {
      const applied = await migrateLocked(client);
      await client.query('commit');
      return applied;
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw toStoreError(error);
  } finally {
    client.release();
  }
};

/** A read-only process cannot migrate: it needs exactly the schema it knows. */
export const assertPostgresSchema = async (pool: Pool): Promise<void> => {
  const client = await pool.connect().catch((error: unknown) => {
    throw toStoreError(error);
  });
  try {
    const version = await storedVersion(client);
    if (version === 0) throw new AppError('STORE_NOT_FOUND');
    if (version < POSTGRES_SCHEMA_VERSION) throw new AppError('STORE_SCHEMA_OLDER');
  } catch (error) {
    throw toStoreError(error);
  } finally {
    client.release();
  }
};

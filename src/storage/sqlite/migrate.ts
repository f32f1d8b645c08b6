import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AppError, isAppError } from '../../errors/app-error.ts';
import { toStoreError } from './errors.ts';
import { SQLITE_MIGRATIONS } from './migrations.ts';

/** "FIM1": marks the file as ours, so that a foreign database is refused instead of changed. */
const APPLICATION_ID = 0x46494d31;

export const SQLITE_SCHEMA_VERSION = SQLITE_MIGRATIONS.at(-1)?.version ?? 0;

const pragmaNumber = (db: DatabaseSync, name: string): number =>
  Number(Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0] ?? 0);

/**
 * Refuses what this program must not touch.
 * @throws AppError STORE_SCHEMA_NEWER, STORE_DAMAGED
 */
export const assertOurs = (db: DatabaseSync): number => {
  const version = pragmaNumber(db, 'user_version');
  const application = pragmaNumber(db, 'application_id');
  const empty = Number(db.prepare('select count(*) as n from sqlite_schema').get()?.n ?? 0) === 0;
  if (application !== APPLICATION_ID && !(empty && version === 0)) {
    throw new AppError('STORE_DAMAGED', 'The file is a database of another program; nothing was changed.');
  }
  if (version > SQLITE_SCHEMA_VERSION) {
    throw new AppError(
      'STORE_SCHEMA_NEWER',
      `The database has schema ${version}, this version knows ${SQLITE_SCHEMA_VERSION}; nothing was changed.`,
    );
  }
  return version;
};

/**
 * Brings the schema up to date. Two processes may start at once: the version is read and raised under the write lock.
 * @returns the versions that were applied, oldest first
 */
export const migrateSqlite = (db: DatabaseSync): readonly number[] => {
  try {
    if (assertOurs(db) === SQLITE_SCHEMA_VERSION) return [];
    db.exec('begin immediate');
    try {
      const version = assertOurs(db);
      const pending = SQLITE_MIGRATIONS.filter((migration) => migration.version > version);
      for (const migration of pending) for (const statement of migration.statements) db.exec(statement);
      if (version === 0) {
        db.prepare(`insert into settings (name, value) values ('cursor_key', ?)`).run(
          randomBytes(32).toString('hex'),
        );
        db.exec(`pragma application_id = ${APPLICATION_ID}`);
      }
      db.exec(`pragma user_version = ${SQLITE_SCHEMA_VERSION}`);
      db.exec('commit');
      return pending.map((migration) => migration.version);
    } catch (error) {
      if (db.isTransaction) db.exec('rollback');
      throw error;
    }
  } catch (error) {
    throw isAppError(error) ? error : toStoreError(error);
  }
};

/** A read-only process cannot migrate: it needs exactly the schema it knows. */
export const assertSqliteSchema = (db: DatabaseSync): void => {
  const version = assertOurs(db);
  if (version < SQLITE_SCHEMA_VERSION) throw new AppError('STORE_SCHEMA_OLDER');
};

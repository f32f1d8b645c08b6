import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { AppError, isAppError } from '../../errors/app-error.ts';
import { toStoreError } from './errors.ts';
import { assertOurs } from './migrate.ts';

/** How long a statement waits for another process's write lock. */
export const BUSY_TIMEOUT_MS = 10_000;
/** The WAL file is emptied when it has grown beyond this. */
export const WAL_LIMIT_BYTES = 32 * 1024 * 1024;
/**
 * Page cache of a connection, in KiB (negative for SQLite). The system caches the pages, too, and each connection has its
 * own: four times as much made a sync no faster (docs/adr/0010).
 */
const CACHE_KIB = -4_096;

export interface ConnectionOptions {
  readonly path: string;
  readonly role: 'reader' | 'writer';
  /** The file may grow to this size; unset: no limit. */
  readonly maxBytes?: number;
}

/** Creates folder and file for their owner only; SQLite gives its -wal and -shm files the same mode. */
const createPrivately = (path: string): void => {
  if (existsSync(path)) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    const full = (cause as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new AppError(full ? 'STORE_FULL' : 'STORE_READ_ONLY', 'The database file cannot be created.', {
      cause,
    });
  }
};

/**
 * Opens one handle with the settings of the house.
 * @throws AppError STORE_NOT_FOUND, STORE_READ_ONLY, STORE_DAMAGED, STORE_BUSY
 */
export const openConnection = (options: ConnectionOptions): DatabaseSync => {
  const { path, role } = options;
  if (role === 'writer') createPrivately(path);
  else if (!existsSync(path)) throw new AppError('STORE_NOT_FOUND');
  try {
    return role === 'writer' ? openWriter(options) : openReader(path);
  } catch (error) {
    throw toStoreError(error);
  }
};

const openWriter = ({ path, maxBytes }: ConnectionOptions): DatabaseSync => {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  // Before anything is set: a file of another program stays as it is, to the last byte.
  assertOurs(db);
  db.exec(`pragma journal_mode = wal`);
  db.exec(`pragma synchronous = normal`);
  db.exec(`pragma temp_store = memory`);
  db.exec(`pragma cache_size = ${CACHE_KIB}`);
  // What is deleted is overwritten where that costs no writing of its own; `scrub` does the rest.
  db.exec(`pragma secure_delete = fast`);
  db.exec(`pragma journal_size_limit = ${WAL_LIMIT_BYTES}`);
  if (maxBytes !== undefined) {
    const { page_size: pageSize } = db.prepare('pragma page_size').get() as { page_size: number };
    db.exec(`pragma max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
  }
  return db;
};

const openReader = (path: string): DatabaseSync => {
  const open = (target: string | URL) => {
    const db = new DatabaseSync(target, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    db.exec(`pragma query_only = on`);
    db.exec(`pragma temp_store = memory`);
    db.exec(`pragma cache_size = ${CACHE_KIB}`);
    db.prepare('select count(*) from sqlite_schema').get();
    return db;
  };
  try {
    return open(path);
  } catch (error) {
    if (!isAppError(toStoreError(error), 'STORE_READ_ONLY')) throw error;
    // A file on read-only ground has no place for the shared memory of WAL. Without a WAL nothing can be pending,
    // so the file itself is the whole truth.
    const wal = `${path}-wal`;
    if (existsSync(wal) && statSync(wal).size > 0) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return open(url);
  }
};

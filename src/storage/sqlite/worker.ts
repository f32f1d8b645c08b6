import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { Kysely } from 'kysely';
import { reads, writes } from '../../data/registry.ts';
import type { Schema } from '../../data/schema.ts';
import type { SegmentCache } from '../../data/search-index/segment-cache.ts';
import { AppError, serializeError } from '../../errors/app-error.ts';
import { mayBeEnded } from '../../lib/uninterrupted.ts';
import { BUSY_TIMEOUT_MS, openConnection, WAL_LIMIT_BYTES } from './connection.ts';
import { nodeSqliteDialect } from './dialect.ts';
import { sqliteFlavor } from './flavor.ts';
import { assertSqliteSchema, migrateSqlite } from './migrate.ts';
import { stopSlot, type WorkerReply, type WorkerRequest, type WorkerSetup } from './protocol.ts';

type Operation = (context: unknown, args: unknown) => Promise<unknown>;

const setup = workerData as WorkerSetup;
const stop = new Int32Array(setup.stop);
mayBeEnded(setup.marks);
let current = 0;

const reply = (message: WorkerReply): void => parentPort?.postMessage(message);

const segments: SegmentCache = new Map();

/** @throws AppError STORE_DEADLINE when the caller gave the present question up */
const alive = (): void => {
  if (Atomics.load(stop, stopSlot(current)) === current) throw new AppError('STORE_DEADLINE');
};

/** Statements that may run long call this for each row they visit; it ends them when the caller gave up. */
const installAlive = (db: DatabaseSync): void => {
  db.function('alive', { deterministic: false }, () => {
    alive();
    return 1;
  });
};

/** How often the WAL is looked at. */
const WAL_CHECK_MS = 1_000;
let walCheckedAt = 0;

/**
 * SQLite folds the WAL into the file by itself, but begins it anew only when no reader is in it, and never makes it
 * smaller. Beyond the limit it is emptied as soon as that can be had without waiting for anybody.
 */
const boundWal = (db: DatabaseSync): void => {
  const now = performance.now();
  if (now - walCheckedAt < WAL_CHECK_MS) return;
  walCheckedAt = now;
  const size = statSync(`${setup.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (size <= WAL_LIMIT_BYTES) return;
  db.exec('pragma busy_timeout = 0');
  db.exec('pragma wal_checkpoint(truncate)');
  db.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
};

const start = (): { db: DatabaseSync; applied: readonly number[] } => {
  const db = openConnection(setup);
  const applied = setup.role === 'writer' ? migrateSqlite(db) : [];
  if (setup.role === 'reader') assertSqliteSchema(db);
  installAlive(db);
  return { db, applied };
};

/**
 * Copies the database into fresh pages and empties the WAL: pages that are merely free, and gaps in pages that were split,
 * keep old bytes, also with `secure_delete` (docs/adr/0009). @returns false when a reader kept the WAL from being emptied
 */
const scrub = (db: DatabaseSync): boolean => {
  db.exec('vacuum');
  const row = db.prepare('pragma wal_checkpoint(truncate)').get();
  return Number(row?.busy) === 0;
};

const run = async (kysely: Kysely<Schema>, request: WorkerRequest): Promise<unknown> => {
  const table = (setup.role === 'writer' ? writes : reads) as unknown as Record<string, Operation>;
  const operation = table[request.name];
  if (operation === undefined) throw new AppError('INTERNAL', `There is no operation ${request.name}.`);
  return kysely
    .transaction()
    .execute((db) => operation({ db, flavor: sqliteFlavor, segments, alive }, request.args));
};

const serve = (db: DatabaseSync): void => {
  const kysely = new Kysely<Schema>({ dialect: nodeSqliteDialect(db, setup.role) });
  let queue: Promise<void> = Promise.resolve();
  parentPort?.on('message', (request: WorkerRequest | 'close') => {
    queue = queue.then(async () => {
      if (request === 'close') {
        db.close();
        parentPort?.close();
        return;
      }
      current = request.id;
      try {
        alive();
        const result = request.name === 'scrub' ? scrub(db) : await run(kysely, request);
        if (setup.role === 'writer') boundWal(db);
        reply({ kind: 'result', id: request.id, result });
      } catch (error) {
        // What a failed transaction put there was never stored.
        if (setup.role === 'writer') segments.clear();
        reply({ kind: 'error', id: request.id, error: serializeError(error) });
      }
    });
  });
};

try {
  const { db, applied } = start();
  serve(db);
  reply({ kind: 'ready', applied });
} catch (error) {
  reply({ kind: 'failed', error: serializeError(error) });
  parentPort?.close();
}

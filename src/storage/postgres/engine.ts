import { Kysely, PostgresDialect, sql } from 'kysely';
import type pg from 'pg';
import type { WriteDb } from '../../data/db.ts';
import { reads, writes } from '../../data/registry.ts';
import type { Schema } from '../../data/schema.ts';
import type { SegmentCache } from '../../data/search-index/segment-cache.ts';
import type {
  ReadArgs,
  ReadName,
  ReadOptions,
  ReadResult,
  Store,
  WriteArgs,
  WriteName,
  WriteResult,
} from '../../data/store.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { toStoreError } from './errors.ts';
import { postgresFlavor } from './flavor.ts';
import { assertPostgresSchema, migratePostgres, POSTGRES_SCHEMA_VERSION } from './migrate.ts';
import { cancelStatement, createPool } from './pools.ts';
import { snapshotsPassed } from './snapshots.ts';

export interface PostgresStoreOptions {
  readonly url: string;
  readonly mode: 'readWrite' | 'readOnly';
  /** Connections for reads; the writes have one of their own. */
  readonly connections: number;
  readonly logger: Logger;
}

const DEFAULT_DEADLINE_MS = 10_000;
/** Tables that hold what customers wrote, in rows or index. */
const TABLES_WITH_TEXT = [
  'conversations',
  'conversation_contents',
  'conversation_monitor_evaluations',
  'conversation_scorecards',
  'tickets',
  'search_segments',
  'search_blocks',
];

interface Pools {
  readonly reader: pg.Pool;
  readonly writer: pg.Pool;
}

const endPools = ({ reader, writer }: Pools): Promise<unknown> => Promise.all([reader.end(), writer.end()]);

type Operation = (context: unknown, args: unknown) => Promise<unknown>;

const open = (pool: pg.Pool): Kysely<Schema> =>
  new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });

/** The server engine: reads run in read-only snapshots of a pool, writes in transactions one after the other. */
export class PostgresStore implements Store {
  readonly engine = 'postgres';
  readonly schemaVersion = POSTGRES_SCHEMA_VERSION;
  readonly applied: readonly number[];
  readonly #options: PostgresStoreOptions;
  readonly #pools: Pools;
  readonly #reader: Kysely<Schema>;
  readonly #writer: Kysely<Schema>;
  /** Reads and writes see different things while a write is under way. */
  readonly #readSegments: SegmentCache = new Map();
  readonly #writeSegments: SegmentCache = new Map();
  /** One write at a time, as on the embedded engine: what a write read is still so when it ends. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(options: PostgresStoreOptions, pools: Pools, applied: readonly number[]) {
    this.#options = options;
    this.#pools = pools;
    this.#reader = open(pools.reader);
    this.#writer = open(pools.writer);
    this.applied = applied;
  }

  /** @throws AppError STORE_* */
  static async open(options: PostgresStoreOptions): Promise<PostgresStore> {
    const { url, connections, logger, mode } = options;
    const reader = createPool(url, connections, logger);
    const writer = createPool(url, 1, logger);
    try {
      const applied = mode === 'readWrite' ? await migratePostgres(writer) : [];
      if (mode === 'readOnly') await assertPostgresSchema(reader);
      return new PostgresStore(options, { reader, writer }, applied);
    } catch (error) {
      await endPools({ reader, writer });
      throw error;
    }
  }

  async read<K extends ReadName>(
    name: K,
    args: ReadArgs<K>,
    options: ReadOptions = {},
  ): Promise<ReadResult<K>> {
    this.#assertOpen();
    options.signal?.throwIfAborted();
    const deadlineMs = Math.max(1, Math.ceil(options.deadlineMs ?? DEFAULT_DEADLINE_MS));
    const caller = AbortSignal.any([
      AbortSignal.timeout(deadlineMs),
      ...(options.signal ? [options.signal] : []),
    ]);
    const run = this.#reader
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((db) => this.#readUntil(caller, db, deadlineMs, reads[name] as unknown as Operation, args));
    return (await freed(run, caller)) as ReadResult<K>;
  }

  async write<K extends WriteName>(name: K, args: WriteArgs<K>): Promise<WriteResult<K>> {
    this.#assertOpen();
    if (this.#options.mode === 'readOnly') {
      throw new AppError('STORE_READ_ONLY', 'The database was opened for reading only.');
    }
    const run = this.#lastWrite.then(() => this.#runWrite(name, args));
    this.#lastWrite = run.catch(() => undefined);
    return (await freed(run)) as WriteResult<K>;
  }

  /**
   * A plain VACUUM frees the room of old rows and leaves their bytes in it; only a new file has none of them.
   * @returns false when somebody still reads what was there before
   */
  async scrub(): Promise<boolean> {
    this.#assertOpen();
    if (this.#options.mode === 'readOnly') {
      throw new AppError('STORE_READ_ONLY', 'The database was opened for reading only.');
    }
    const run = this.#lastWrite.then(async () => {
      if (!(await snapshotsPassed(this.#pools.writer))) return false;
      await this.#pools.writer.query(`vacuum (full, analyze) ${TABLES_WITH_TEXT.join(', ')}`);
      return true;
    });
    this.#lastWrite = run.catch(() => undefined);
    return (await freed(run)) as boolean;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#lastWrite;
    // Not by way of Kysely: it leaves a pool alone through which it never ran a statement.
    await endPools(this.#pools);
  }

  /**
   * Runs a read whose statement is cancelled when the caller gives up. The connection goes back to the pool only when a
   * cancellation under way has arrived: it must not meet the statement of somebody else.
   */
  async #readUntil(
    caller: AbortSignal,
    db: WriteDb,
    deadlineMs: number,
    operation: Operation,
    args: unknown,
  ) {
    const alive = (): void => {
      if (caller.aborted) throw new AppError('STORE_DEADLINE');
    };
    alive();
    const { rows } = await sql<{ pid: number }>`
      select set_config('statement_timeout', ${String(deadlineMs)}, true), pg_backend_pid() as pid`.execute(
      db,
    );
    const backend = rows[0]?.pid ?? 0;
    let cancelling: Promise<void> | undefined;
    const cancel = (): void => {
      cancelling = cancelStatement(this.#options.url, backend, this.#options.logger);
    };
    caller.addEventListener('abort', cancel, { once: true });
    try {
      alive();
      return await operation({ db, flavor: postgresFlavor, segments: this.#readSegments, alive }, args);
    } finally {
      caller.removeEventListener('abort', cancel);
      await cancelling;
    }
  }

  async #runWrite(name: WriteName, args: unknown): Promise<unknown> {
    const segments = this.#writeSegments;
    try {
      return await this.#writer
        .transaction()
        .execute((db) =>
          (writes[name] as unknown as Operation)({ db, flavor: postgresFlavor, segments }, args),
        );
    } catch (error) {
      // What a failed transaction put there was never stored.
      segments.clear();
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new AppError('STORE_CLOSED');
  }
}

/** The result of a run, or at once STORE_DEADLINE when the caller gives up. @throws AppError */
const freed = async (run: Promise<unknown>, caller?: AbortSignal): Promise<unknown> => {
  run.catch(() => undefined);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(new AppError('STORE_DEADLINE'));
    caller?.addEventListener('abort', onAbort, { once: true });
  });
  aborted.catch(() => undefined);
  try {
    return await (caller ? Promise.race([run, aborted]) : run);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    if (onAbort) caller?.removeEventListener('abort', onAbort);
  }
};

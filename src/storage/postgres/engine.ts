import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
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

export interface PostgresStoreOptions {
  readonly url: string;
  readonly mode: 'readWrite' | 'readOnly';
  /** Connections of the pool; one of them is in use by the sync's writes. */
  readonly connections: number;
  readonly logger: Logger;
}

const CONNECT_TIMEOUT_MS = 10_000;
const DEFAULT_DEADLINE_MS = 10_000;
const INT8 = 20;
const NUMERIC = 1700;

type Operation = (context: unknown, args: unknown) => Promise<unknown>;

/** bigint and numeric arrive as numbers: ours are seconds, milliseconds and counts, all below 2^53. */
const numberTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** The server engine: a pool; reads run in read-only snapshots, writes in transactions. */
export class PostgresStore implements Store {
  readonly engine = 'postgres';
  readonly schemaVersion = POSTGRES_SCHEMA_VERSION;
  readonly applied: readonly number[];
  readonly #db: Kysely<Schema>;
  readonly #pool: pg.Pool;
  readonly #logger: Logger;
  readonly #mode: PostgresStoreOptions['mode'];
  /** Reads and writes see different things while a write is under way. */
  readonly #readSegments: SegmentCache = new Map();
  readonly #writeSegments: SegmentCache = new Map();
  /** One write at a time, as on the embedded engine: what a write read is still so when it ends. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(pool: pg.Pool, { logger, mode }: PostgresStoreOptions, applied: readonly number[]) {
    this.#pool = pool;
    this.#logger = logger;
    this.#db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
    this.#mode = mode;
    this.applied = applied;
  }

  /** @throws AppError STORE_* */
  static async open(options: PostgresStoreOptions): Promise<PostgresStore> {
    const pool = new pg.Pool({
      connectionString: options.url,
      max: options.connections,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      types: numberTypes,
      application_name: 'fast-intercom-mcp',
    });
    // A connection that the server drops while idle must not end the process; the next call gets a new one.
    pool.on('error', (cause) => options.logger.warn({ cause }, 'an idle database connection was lost'));
    try {
      const applied = options.mode === 'readWrite' ? await migratePostgres(pool) : [];
      if (options.mode === 'readOnly') await assertPostgresSchema(pool);
      return new PostgresStore(pool, options, applied);
    } catch (error) {
      await pool.end();
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
    const started = performance.now();
    const alive = (): void => {
      if (performance.now() - started > deadlineMs || options.signal?.aborted)
        throw new AppError('STORE_DEADLINE');
    };
    let backend: number | undefined;
    const run = this.#db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (db) => {
        const { rows } = await sql<{ pid: number }>`
          select set_config('statement_timeout', ${String(deadlineMs)}, true), pg_backend_pid() as pid`.execute(
          db,
        );
        backend = rows[0]?.pid;
        const context = { db, flavor: postgresFlavor, segments: this.#readSegments, alive };
        return (reads[name] as unknown as Operation)(context, args);
      });
    const cancel = (): void => {
      if (backend !== undefined) void this.#cancel(backend);
    };
    return (await this.#guard(
      run.finally(() => (backend = undefined)),
      options.signal,
      cancel,
    )) as ReadResult<K>;
  }

  async write<K extends WriteName>(name: K, args: WriteArgs<K>): Promise<WriteResult<K>> {
    this.#assertOpen();
    if (this.#mode === 'readOnly') {
      throw new AppError('STORE_READ_ONLY', 'The database was opened for reading only.');
    }
    const run = this.#lastWrite.then(() => this.#runWrite(name, args));
    this.#lastWrite = run.catch(() => undefined);
    return (await this.#guard(run)) as WriteResult<K>;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#lastWrite;
    await this.#db.destroy();
  }

  #runWrite(name: WriteName, args: unknown): Promise<unknown> {
    const segments = this.#writeSegments;
    return this.#db
      .transaction()
      .execute((db) => (writes[name] as unknown as Operation)({ db, flavor: postgresFlavor, segments }, args))
      .catch((error: unknown) => {
        // What a failed transaction put there was never stored.
        segments.clear();
        throw error;
      });
  }

  /** Ends the statement of a question that nobody waits for any more. */
  async #cancel(backend: number): Promise<void> {
    try {
      await this.#pool.query('select pg_cancel_backend($1)', [backend]);
    } catch (cause) {
      this.#logger.debug({ cause }, 'a statement could not be cancelled; it ends by its own timeout');
    }
  }

  /** The caller of an aborted read is freed at once. */
  async #guard(run: Promise<unknown>, signal?: AbortSignal, cancel?: () => void): Promise<unknown> {
    run.catch(() => undefined);
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => {
        cancel?.();
        reject(new AppError('STORE_DEADLINE', 'The caller gave up.'));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await (signal ? Promise.race([run, aborted]) : run);
    } catch (error) {
      throw toStoreError(error);
    } finally {
      if (onAbort) signal?.removeEventListener('abort', onAbort);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new AppError('STORE_CLOSED');
  }
}

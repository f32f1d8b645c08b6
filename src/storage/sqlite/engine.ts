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
import { SQLITE_SCHEMA_VERSION } from './migrate.ts';
import { Turns } from '../../lib/turns.ts';
import { ReaderPool } from './reader-pool.ts';
import { WorkerHandle } from './worker-handle.ts';

/** Writes that the writer thread has at once: one under way, and the next, so that it never waits. Others wait unsent. */
const WRITES_SENT = 2;

export interface SqliteStoreOptions {
  readonly path: string;
  readonly mode: 'readWrite' | 'readOnly';
  readonly readers: number;
  readonly maxBytes?: number;
  readonly logger: Logger;
}

/** The embedded engine: one writer thread, N reader threads, one file that several processes may share. */
export class SqliteStore implements Store {
  readonly engine = 'sqlite';
  readonly schemaVersion = SQLITE_SCHEMA_VERSION;
  /** Schema versions that opening this store applied. */
  readonly applied: readonly number[];
  readonly #writer: WorkerHandle | undefined;
  readonly #turns = new Turns(WRITES_SENT);
  readonly #readers: ReaderPool;

  private constructor(writer: WorkerHandle | undefined, readers: ReaderPool, applied: readonly number[]) {
    this.#writer = writer;
    this.#readers = readers;
    this.applied = applied;
  }

  /** @throws AppError STORE_* */
  static async open(options: SqliteStoreOptions): Promise<SqliteStore> {
    const { path, mode, maxBytes, logger } = options;
    const writer =
      mode === 'readWrite'
        ? new WorkerHandle({ path, role: 'writer', ...(maxBytes === undefined ? {} : { maxBytes }) })
        : undefined;
    const applied = (await writer?.ready) ?? [];
    try {
      return new SqliteStore(writer, await ReaderPool.open(path, options.readers, logger), applied);
    } catch (error) {
      await writer?.close();
      throw error;
    }
  }

  read<K extends ReadName>(name: K, args: ReadArgs<K>, options?: ReadOptions): Promise<ReadResult<K>> {
    return this.#readers.read(name, args, options) as Promise<ReadResult<K>>;
  }

  async write<K extends WriteName>(name: K, args: WriteArgs<K>): Promise<WriteResult<K>> {
    if (this.#writer === undefined)
      throw new AppError('STORE_READ_ONLY', 'The database was opened for reading only.');
    const writer = this.#writer;
    return this.#turns.take(() => writer.call(name, args).result) as Promise<WriteResult<K>>;
  }

  async scrub(): Promise<boolean> {
    if (this.#writer === undefined)
      throw new AppError('STORE_READ_ONLY', 'The database was opened for reading only.');
    return this.#writer.call('scrub', undefined).result as Promise<boolean>;
  }

  async close(): Promise<void> {
    await this.#readers.close();
    // The writer last: closing the last handle folds the WAL into the file.
    await this.#writer?.close();
  }

  /** Ends one reader thread; for tests. */
  killReader(): void {
    this.#readers.killOne();
  }
}

import type { ReadName, ReadOptions } from '../../data/store.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Logger } from '../../telemetry/logger.ts';
import { WorkerHandle } from './worker-handle.ts';

export const DEFAULT_DEADLINE_MS = 10_000;
/** How long a reader may take to notice that its statement must stop, before another takes its place. */
const GRACE_MS = 1_000;

/** N threads with read-only handles. A call goes to the least busy one; a thread that dies or hangs is replaced. */
export class ReaderPool {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #size: number;
  #readers: WorkerHandle[] = [];
  #closed = false;

  private constructor(path: string, size: number, logger: Logger) {
    this.#path = path;
    this.#size = size;
    this.#logger = logger;
  }

  /** @throws AppError STORE_NOT_FOUND, STORE_DAMAGED, STORE_SCHEMA_NEWER, STORE_SCHEMA_OLDER */
  static async open(path: string, size: number, logger: Logger): Promise<ReaderPool> {
    const pool = new ReaderPool(path, size, logger);
    const first = pool.#spawn();
    await first.ready.catch((error: unknown) => {
      pool.#closed = true;
      throw error;
    });
    for (let index = 1; index < size; index += 1) pool.#spawn();
    return pool;
  }

  async read(name: ReadName, args: unknown, options: ReadOptions = {}): Promise<unknown> {
    if (this.#closed) throw new AppError('STORE_CLOSED');
    options.signal?.throwIfAborted();
    const reader = this.#leastBusy();
    const { id, result } = reader.call(name, args);
    const stopNow = () => {
      reader.abort(id);
      reader.giveUp(id, new AppError('STORE_DEADLINE', 'The caller gave up.'));
    };
    let grace: NodeJS.Timeout | undefined;
    const deadline = setTimeout(() => {
      reader.abort(id);
      grace = setTimeout(() => this.#onOverdue(reader, id), GRACE_MS);
    }, options.deadlineMs ?? DEFAULT_DEADLINE_MS);
    options.signal?.addEventListener('abort', stopNow, { once: true });
    try {
      return await result;
    } finally {
      clearTimeout(deadline);
      clearTimeout(grace);
      options.signal?.removeEventListener('abort', stopNow);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }

  /** Ends one thread from outside; for tests that prove the pool survives it. */
  killOne(): void {
    this.#readers[0]?.abandon();
  }

  #leastBusy(): WorkerHandle {
    const alive = this.#readers.filter((reader) => reader.alive);
    return alive.reduce(
      (best, reader) => (reader.load < best.load ? reader : best),
      alive[0] ?? this.#spawn(),
    );
  }

  /** The caller is freed; a thread that hangs in this very call is replaced. */
  #onOverdue(reader: WorkerHandle, id: number): void {
    const hangs = reader.isRunning(id);
    reader.giveUp(id, new AppError('STORE_DEADLINE'));
    if (!hangs || !reader.alive) return;
    reader.abandon();
    this.#fill('a reader did not stop in time');
  }

  #spawn(): WorkerHandle {
    const reader = new WorkerHandle({ path: this.#path, role: 'reader' });
    this.#readers.push(reader);
    // One that could not even start is tried again when the next question comes, not at once and for ever.
    let started = false;
    void reader.ready.then(() => (started = true)).catch(() => undefined);
    void reader.ended.then(() => {
      this.#readers = this.#readers.filter((other) => other !== reader);
      if (started) this.#fill('a reader thread ended');
    });
    return reader;
  }

  /** Puts new readers in the place of those that are gone. */
  #fill(because: string): void {
    if (this.#closed) return;
    const missing = this.#size - this.#readers.filter((reader) => reader.alive).length;
    for (let index = 0; index < missing; index += 1) {
      this.#logger.warn({}, `${because} and was replaced`);
      this.#spawn();
    }
  }
}

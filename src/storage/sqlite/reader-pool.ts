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
  #readers: WorkerHandle[] = [];
  #closed = false;

  private constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
  }

  /** @throws AppError STORE_NOT_FOUND, STORE_DAMAGED, STORE_SCHEMA_NEWER, STORE_SCHEMA_OLDER */
  static async open(path: string, size: number, logger: Logger): Promise<ReaderPool> {
    const pool = new ReaderPool(path, logger);
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
    const stopNow = () => reader.abort(id);
    const deadline = setTimeout(
      () => this.#onDeadline(reader, id),
      options.deadlineMs ?? DEFAULT_DEADLINE_MS,
    );
    options.signal?.addEventListener('abort', stopNow, { once: true });
    try {
      return await result;
    } finally {
      clearTimeout(deadline);
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

  #onDeadline(reader: WorkerHandle, id: number): void {
    reader.abort(id);
    const timer = setTimeout(() => {
      reader.giveUp(id, new AppError('STORE_DEADLINE'));
      if (!reader.alive || reader.load === 0) return;
      this.#logger.warn({ grace_ms: GRACE_MS }, 'a reader did not stop in time and was replaced');
      reader.abandon();
    }, GRACE_MS);
    timer.unref();
    void reader.ended.then(() => clearTimeout(timer));
  }

  #spawn(): WorkerHandle {
    const reader = new WorkerHandle({ path: this.#path, role: 'reader' });
    this.#readers.push(reader);
    void reader.ended.then(() => {
      this.#readers = this.#readers.filter((other) => other !== reader);
      if (!this.#closed && this.#readers.length === 0) {
        this.#logger.warn({}, 'a reader thread ended and was replaced');
        this.#spawn();
      }
    });
    return reader;
  }
}

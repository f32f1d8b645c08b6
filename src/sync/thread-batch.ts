import type { FetchFailure } from '../data/writes/fetch-queue.ts';
import type { IncomingThread } from '../data/writes/incoming-conversation.ts';
import { isAppError } from '../errors/app-error.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** Threads written in one transaction. */
const BATCH = 40;
/** A batch that does not fill is written after this time. */
const LINGER_MS = 50;
/** The same while everything is listed: each write holds up the pages of the list. */
const LINGER_BESIDE_LISTING_MS = 500;

/** Collects fetched threads and writes them in batches, one transaction at a time. */
export class ThreadBatch {
  readonly #run: RunContext;
  readonly #onWritten: (ids: readonly string[]) => void;
  #threads: IncomingThread[] = [];
  #failures: FetchFailure[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #error: unknown;
  #lingerMs = LINGER_MS;

  constructor(run: RunContext, onWritten: (ids: readonly string[]) => void) {
    this.#run = run;
    this.#onWritten = onWritten;
  }

  /** Results not yet in the database; the fetchers wait while it is high. */
  get size(): number {
    return this.#threads.length + this.#failures.length;
  }

  /** Everything is being listed, or that has ended. */
  besideListing(isListing: boolean): void {
    this.#lingerMs = isListing ? LINGER_BESIDE_LISTING_MS : LINGER_MS;
  }

  add(thread: IncomingThread): void {
    this.#threads.push(thread);
    this.#schedule();
  }

  fail(failure: FetchFailure): void {
    this.#failures.push(failure);
    this.#schedule();
  }

  /** Writes what is left. @throws the error of any write since the last call */
  async flush(): Promise<void> {
    while (this.#error === undefined && (this.size > 0 || this.#writing))
      await (this.#writing ?? this.#write());
    if (this.#error !== undefined) throw this.#error;
  }

  /** @throws the error of a failed write: nothing can be stored any more */
  assertHealthy(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  #schedule(): void {
    if (this.size >= BATCH) void this.#write();
    else this.#timer ??= setTimeout(() => void this.#write(), this.#lingerMs);
  }

  #write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing) return this.#writing;
    if (this.size === 0 || this.#error !== undefined) return Promise.resolve();
    const threads = this.#threads.splice(0, BATCH);
    const failures = this.#failures.splice(0);
    this.#writing = this.#apply(threads, failures)
      .catch((error: unknown) => {
        this.#error = error;
        this.#onWritten([]);
      })
      .finally(() => {
        this.#writing = undefined;
        if (this.size > 0) this.#schedule();
      });
    return this.#writing;
  }

  /** Where the batch cannot be stored, each thread alone: one that the database refuses must not take the others along. */
  async #apply(threads: readonly IncomingThread[], failures: readonly FetchFailure[]): Promise<void> {
    try {
      await this.#store(threads, failures);
    } catch (error) {
      if (!isAppError(error, 'STORE_FAILED') || threads.length === 0) throw error;
      if (failures.length > 0) await this.#store([], failures);
      for (const thread of threads) await this.#storeAlone(thread);
    }
  }

  async #storeAlone(thread: IncomingThread): Promise<void> {
    try {
      await this.#store([thread], []);
    } catch (error) {
      if (!isAppError(error, 'STORE_FAILED')) throw error;
      const { clock, logger, tuning } = this.#run;
      const { id } = thread.columns;
      logger.error({ conversation_id: id, err: error }, 'a thread could not be stored');
      const at = clock.now();
      await this.#store([], [{ id, code: error.code, at, notBefore: at + tuning.parkDelayMs }]);
    }
  }

  async #store(threads: readonly IncomingThread[], failures: readonly FetchFailure[]): Promise<void> {
    const { store, fence, client, clock, report, tuning } = this.#run;
    const outcome = await store.write('applyThreads', {
      fence,
      threads,
      failures,
      now: clock.now(),
      confirmAfterMs: tuning.confirmAfterMs,
      deletedAt: serverSeconds(client),
    });
    if (outcome.mergeDue) while (await store.write('mergeSearchIndex', { fence }));
    const result = report.entity('conversations');
    result.fetched += outcome.stored;
    report.hydrated += outcome.stored + outcome.deleted.length;
    report.tell();
    this.#onWritten([
      ...threads.map((thread) => thread.columns.id),
      ...failures.map((failure) => failure.id),
    ]);
  }
}

import type { ThreadFailure } from '../data/writes/apply-threads.ts';
import type { IncomingConversation } from '../data/writes/incoming-conversation.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** Threads written in one transaction. */
const BATCH = 40;
/** A batch that does not fill is written after this time. */
const LINGER_MS = 50;

/** Collects fetched threads and writes them in batches, one transaction at a time. */
export class ThreadBatch {
  readonly #run: RunContext;
  readonly #onWritten: (ids: readonly string[]) => void;
  #threads: IncomingConversation[] = [];
  #failures: ThreadFailure[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #error: unknown;

  constructor(run: RunContext, onWritten: (ids: readonly string[]) => void) {
    this.#run = run;
    this.#onWritten = onWritten;
  }

  /** Results not yet in the database; the fetchers wait while it is high. */
  get size(): number {
    return this.#threads.length + this.#failures.length;
  }

  add(thread: IncomingConversation): void {
    this.#threads.push(thread);
    this.#schedule();
  }

  fail(failure: ThreadFailure): void {
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
    else this.#timer ??= setTimeout(() => void this.#write(), LINGER_MS);
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
      })
      .finally(() => {
        this.#writing = undefined;
        if (this.size > 0) this.#schedule();
      });
    return this.#writing;
  }

  async #apply(threads: readonly IncomingConversation[], failures: readonly ThreadFailure[]): Promise<void> {
    const { store, fence, client, report, tuning } = this.#run;
    const outcome = await store.write('applyThreads', {
      fence,
      threads,
      failures,
      fetchedAt: serverSeconds(client),
      staleNotBefore: Date.now() + tuning.retryDelayMs,
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

import type { QueuedThread } from '../data/reads/hydration-queue.ts';
import { conversationPath, isConversationObject } from '../entities/conversation/endpoints.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import type { RunContext } from './run-context.ts';
import { toIncoming } from './search-page.ts';
import { ThreadBatch } from './thread-batch.ts';

/** Failures that concern the whole run, not one thread. */
const FATAL = new Set(['INTERCOM_UNAUTHORIZED', 'INTERCOM_FOREIGN_HOST', 'SYNC_LEASE_LOST', 'STORE_CLOSED']);
/** Pause before the queue is looked at again when nothing in it is due. */
const IDLE_MS = 50;

/**
 * Fetches the threads of the durable queue, newest conversations first, many at the same time: parts come only with
 * GET /conversations/{id}, one request each (API-FACTS 5.1).
 */
export class Hydrator {
  readonly #run: RunContext;
  readonly #batch: ThreadBatch;
  /** Taken from the queue and not yet written. */
  readonly #taken = new Set<string>();
  /** Written while the queue was being read: that reading may still show them. */
  readonly #writtenMeanwhile = new Set<string>();
  #ready: QueuedThread[] = [];
  #refilling: Promise<void> | undefined;
  #listingDone = false;
  #wake = Promise.withResolvers<void>();
  #fatal: unknown;
  #judging: Promise<AppError> | undefined;

  constructor(run: RunContext) {
    this.#run = run;
    this.#batch = new ThreadBatch(run, (ids) => {
      for (const id of ids) {
        this.#taken.delete(id);
        if (this.#refilling) this.#writtenMeanwhile.add(id);
      }
      this.#signal();
    });
  }

  /** More threads became due. */
  notify(count: number): void {
    if (count > 0) this.#signal();
  }

  /** Nothing more will be queued; `drain` may end. */
  listingDone(): void {
    this.#listingDone = true;
    this.#signal();
  }

  /** Works until the queue is empty (parked threads aside). @throws what ends the whole run */
  async drain(): Promise<void> {
    const workers = Array.from({ length: this.#run.tuning.concurrency }, () => this.#worker());
    await Promise.all(workers);
    if (this.#fatal !== undefined) throw this.#fatal;
    await this.#batch.flush();
  }

  /** Stops the workers without waiting for the queue. */
  abort(error: unknown): void {
    this.#fatal ??= error;
    this.#signal();
  }

  async #worker(): Promise<void> {
    for (;;) {
      const thread = await this.#next();
      if (thread === undefined) return;
      try {
        this.#batch.assertHealthy();
        await this.#fetch(thread);
        while (this.#batch.size > 4 * this.#run.tuning.concurrency && this.#fatal === undefined)
          await this.#pause();
      } catch (error) {
        this.abort(error);
        return;
      }
    }
  }

  async #next(): Promise<QueuedThread | undefined> {
    for (;;) {
      if (this.#fatal !== undefined) return undefined;
      if (this.#run.signal.aborted) {
        this.abort(this.#run.signal.reason);
        return undefined;
      }
      await this.#judging;
      if (this.#fatal !== undefined) return undefined;
      const thread = this.#ready.shift();
      if (thread !== undefined) return thread;
      try {
        if (await this.#refill()) continue;
        if (this.#listingDone && (await this.#isEmpty())) return undefined;
      } catch (error) {
        this.abort(error);
        return undefined;
      }
      await this.#pause();
    }
  }

  /** @returns true when there is something to take */
  async #refill(): Promise<boolean> {
    if (this.#refilling === undefined) {
      this.#refilling = this.#readQueue().finally(() => {
        this.#refilling = undefined;
      });
    }
    await this.#refilling;
    return this.#ready.length > 0;
  }

  async #readQueue(): Promise<void> {
    const { store, fence, tuning } = this.#run;
    this.#writtenMeanwhile.clear();
    const rows = await store.read('listQueue', {
      workspaceId: fence.workspaceId,
      limit: this.#taken.size + 4 * tuning.concurrency,
      now: Date.now(),
      maxAttempts: tuning.maxAttempts,
    });
    const fresh = rows.filter((row) => !this.#taken.has(row.id) && !this.#writtenMeanwhile.has(row.id));
    for (const row of fresh) this.#taken.add(row.id);
    this.#ready.push(...fresh);
  }

  /** True when no thread waits, is being fetched or is about to be written. */
  async #isEmpty(): Promise<boolean> {
    if (this.#taken.size > 0) return false;
    const { store, fence, tuning } = this.#run;
    const { waiting } = await store.read('readQueueState', {
      workspaceId: fence.workspaceId,
      maxAttempts: tuning.maxAttempts,
    });
    return waiting === 0;
  }

  async #fetch(thread: QueuedThread): Promise<void> {
    const { client, signal, tuning } = this.#run;
    const { id } = thread;
    try {
      const { data, text } = await client.request('GET', conversationPath(id), {
        expect: isConversationObject(id),
        signal,
      });
      const incoming = toIncoming(text, data);
      if (incoming === undefined) throw new AppError('INTERCOM_BAD_BODY');
      this.#batch.add({ ...incoming, full: true });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!isAppError(error)) throw error;
      const refused = error.code === 'INTERCOM_UNAUTHORIZED';
      const { code } = refused ? await this.#judge(error) : error;
      if (FATAL.has(code)) throw error;
      this.#run.logger.debug({ conversation_id: id, code }, 'a thread could not be fetched');
      const delay = tuning.retryDelayMs * 2 ** thread.attempts;
      this.#batch.fail({ id, code, notBefore: Date.now() + delay });
    }
  }

  /** While it is unclear whether the token lives, nobody takes another thread. */
  async #judge(refusal: AppError): Promise<AppError> {
    this.#judging ??= this.#run.judgeRefusal(refusal).finally(() => {
      this.#judging = undefined;
    });
    return this.#judging;
  }

  #signal(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers<void>();
  }

  /** Until something happens, or a moment has passed (a failed thread may have become due). */
  #pause(): Promise<void> {
    return Promise.race([this.#wake.promise, new Promise<void>((resolve) => setTimeout(resolve, IDLE_MS))]);
  }
}

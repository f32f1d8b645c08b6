import type { QueuedObject } from '../data/reads/fetch-queue.ts';
import { PRIORITY } from '../data/fetch-priority.ts';
import { conversationPath, isConversationObject } from '../entities/conversation/endpoints.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { toIncoming } from './conversation-source.ts';
import { longestRetryDelay, retryDelay } from './retry-time.ts';
import type { RunContext } from './run-context.ts';
import { ThreadBatch } from './thread-batch.ts';

const ENTITY = 'conversations';
/** Failures that concern the whole run, not one thread. */
const FATAL = new Set(['INTERCOM_UNAUTHORIZED', 'INTERCOM_FOREIGN_HOST']);
/** Rows read from the queue at once, and results that may wait to be written, in requests under way. */
const QUEUE_AHEAD = 4;
/** Beside the others: where all of those wait for the next rate window, live traffic need not. */
const LIVE_SLOTS = 4;
/** Threads under way while everything is listed: what they take of the rate limit the list has to wait for. */
const SLOTS_BESIDE_LISTING = 4;

/**
 * Fetches the threads of the durable queue, many at the same time: parts come only with GET /conversations/{id}, one
 * request each (API-FACTS 5.1). One loop hands them out; it sleeps until something happens.
 */
export class ThreadFetcher {
  readonly #run: RunContext;
  readonly #batch: ThreadBatch;
  /** Taken from the queue and not yet written. */
  readonly #taken = new Set<string>();
  /** Written while the queue was being read: that reading may still show them. */
  readonly #writtenMeanwhile = new Set<string>();
  readonly #underWay = new Set<Promise<void>>();
  #ready: QueuedObject[] = [];
  /** What was read of the queue may no longer be what goes first. */
  #outdated = false;
  #listingDone = false;
  #slots: number;
  #wake = Promise.withResolvers<void>();
  #fatal: { readonly error: unknown } | undefined;
  #judging: Promise<AppError> | undefined;

  constructor(run: RunContext) {
    this.#run = run;
    this.#slots = run.tuning.concurrency;
    this.#batch = new ThreadBatch(run, (ids) => {
      for (const id of ids) {
        this.#taken.delete(id);
        this.#writtenMeanwhile.add(id);
      }
      this.wake();
    });
  }

  /** Look at the queue: something may have become due. */
  wake(): void {
    this.#wake.resolve();
  }

  /** Something was put before what waits: read the queue again before the next one is taken. */
  reread(): void {
    this.#outdated = true;
    this.wake();
  }

  /** Threads that are being fetched, or were and are not stored yet. */
  underWay(): ReadonlySet<string> {
    return this.#taken;
  }

  /** Everything is being listed, or that has ended: the list goes first, since with it every metric is there. */
  besideListing(isListing: boolean): void {
    const { concurrency } = this.#run.tuning;
    this.#slots = isListing ? Math.min(concurrency, SLOTS_BESIDE_LISTING) : concurrency;
    this.#batch.besideListing(isListing);
    this.wake();
  }

  /** Nothing more will be queued; `drain` may end. */
  listingDone(): void {
    this.#listingDone = true;
    this.wake();
  }

  /** Takes no further thread. */
  abort(error: unknown): void {
    this.#fatal ??= { error };
    this.wake();
  }

  /**
   * Works until nothing waits that could be had in this run. What was fetched is stored, also when the run ends early.
   * @throws what ends the whole run
   */
  async drain(): Promise<void> {
    const { signal } = this.#run;
    const onAbort = (): void => this.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      await this.#handOut();
    } catch (error) {
      this.abort(error);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    await Promise.all(this.#underWay);
    try {
      await this.#batch.flush();
    } catch (error) {
      this.abort(error);
    }
    if (this.#fatal !== undefined) throw this.#fatal.error;
  }

  async #handOut(): Promise<void> {
    const { concurrency } = this.#run.tuning;
    while (this.#fatal === undefined) {
      this.#wake = Promise.withResolvers<void>();
      const woken = this.#wake.promise;
      this.#batch.assertHealthy();
      // While it is unclear whether the token lives, nobody takes another thread.
      await this.#judging;
      const room = Math.min(
        this.#slots - this.#underWay.size,
        QUEUE_AHEAD * concurrency - this.#batch.size - this.#underWay.size,
      );
      if (this.#outdated || (room > 0 && this.#ready.length === 0)) await this.#readQueue();
      const next = this.#ready.splice(0, Math.max(0, room, Math.min(this.#liveReady(), room + LIVE_SLOTS)));
      for (const item of next) this.#start(item);
      if (next.length > 0) continue;
      if (room <= 0) await woken;
      else if (!(await this.#waitForMore(woken))) return;
    }
  }

  /** Live ones stand before all others. */
  #liveReady(): number {
    const live = this.#ready.findIndex((item) => item.priority !== PRIORITY.live);
    return live < 0 ? this.#ready.length : live;
  }

  /** Waits until the queue may hold something to take. @returns false when nothing will come any more */
  async #waitForMore(woken: Promise<void>): Promise<boolean> {
    if (this.#taken.size > 0) {
      await woken;
      return true;
    }
    const { clock, fence, store, tuning } = this.#run;
    const now = clock.now();
    const next = await store.read('nextQueueTime', {
      workspaceId: fence.workspaceId,
      entity: ENTITY,
      horizon: now + longestRetryDelay(tuning),
    });
    if (next === null && this.#listingDone) return false;
    const timer = next === null ? undefined : setTimeout(() => this.wake(), Math.max(0, next - now));
    await woken;
    clearTimeout(timer);
    return true;
  }

  async #readQueue(): Promise<void> {
    const { clock, fence, store, tuning } = this.#run;
    this.#outdated = false;
    this.#writtenMeanwhile.clear();
    const rows = await store.read('listQueue', {
      workspaceId: fence.workspaceId,
      entity: ENTITY,
      limit: this.#taken.size + QUEUE_AHEAD * tuning.concurrency,
      now: clock.now(),
    });
    this.#ready = rows.filter((row) => !this.#taken.has(row.id) && !this.#writtenMeanwhile.has(row.id));
  }

  #start(item: QueuedObject): void {
    this.#taken.add(item.id);
    const fetching = this.#fetch(item)
      .catch((error: unknown) => this.abort(error))
      .finally(() => {
        this.#underWay.delete(fetching);
        this.wake();
      });
    this.#underWay.add(fetching);
  }

  async #fetch(item: QueuedObject): Promise<void> {
    const { client, clock, logger, noteKinds, signal, tuning } = this.#run;
    const { id } = item;
    const attempts = item.attempts + 1;
    try {
      const { data, serverTime, text } = await client.request('GET', conversationPath(id), {
        expect: isConversationObject(id),
        priority: item.priority === PRIORITY.live ? 'high' : 'normal',
        signal,
      });
      const incoming = toIncoming(text, data);
      if (incoming === undefined) throw new AppError('INTERCOM_BAD_BODY');
      noteKinds(id, incoming.parts);
      const retryAt = clock.now() + retryDelay(tuning, attempts, 'SYNC_STALE');
      this.#batch.add({ ...incoming, full: true, fetchedAt: serverTime, retryAt });
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!isAppError(error)) throw error;
      const { code } = error.code === 'INTERCOM_UNAUTHORIZED' ? await this.#judge(error) : error;
      if (FATAL.has(code)) throw error;
      logger.debug({ conversation_id: id, code }, 'a thread could not be fetched');
      const at = clock.now();
      this.#batch.fail({ id, code, at, notBefore: at + retryDelay(tuning, attempts, code) });
    }
  }

  async #judge(refusal: AppError): Promise<AppError> {
    this.#judging ??= this.#run.judgeRefusal(refusal).finally(() => {
      this.#judging = undefined;
    });
    return this.#judging;
  }
}

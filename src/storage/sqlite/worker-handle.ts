import { Worker } from 'node:worker_threads';
import { AppError, deserializeError } from '../../errors/app-error.ts';
import { newMarks, untilInterruptible } from '../../lib/uninterrupted.ts';
import {
  newStopFlags,
  stopSlot,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSetup,
} from './protocol.ts';
import { SQLITE_WORKER_URL } from './worker-url.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
}

/** One database thread as seen from the main thread. Calls are answered in order; a dead thread fails all of them. */
export class WorkerHandle {
  readonly #worker: Worker;
  readonly #stop = newStopFlags();
  readonly #marks = newMarks();
  readonly #pending = new Map<number, Pending>();
  /** Sent and not answered yet, in that order: the first one is being worked on. Callers may have given up. */
  readonly #unanswered = new Set<number>();
  #nextId = 1;
  #dead = false;
  /** Set before the thread is asked to end, so that its end is no surprise. */
  #closing = false;
  #abandoned = false;
  readonly ready: Promise<readonly number[]>;
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;

  constructor(setup: Omit<WorkerSetup, 'stop' | 'marks'>) {
    const data: WorkerSetup = { ...setup, stop: this.#stop.buffer, marks: this.#marks };
    this.#worker = new Worker(SQLITE_WORKER_URL, {
      workerData: data,
      name: `sqlite-${setup.role}`,
      stdout: false,
      stderr: false,
    });
    let settleReady:
      | { resolve: (applied: readonly number[]) => void; reject: (error: AppError) => void }
      | undefined;
    this.ready = new Promise((resolve, reject) => {
      settleReady = { resolve, reject };
    });
    this.ready.catch(() => undefined);
    let startError: AppError | undefined;
    this.#worker.on('message', (message: WorkerReply) => {
      if (message.kind === 'ready') settleReady?.resolve(message.applied);
      else if (message.kind === 'failed') {
        startError = deserializeError(message.error);
        settleReady?.reject(startError);
      } else this.#settle(message);
    });
    this.ended = new Promise((resolve) => {
      const die = (cause?: unknown): void => {
        this.#dead = true;
        const code = this.#closing ? 'STORE_CLOSED' : 'STORE_READER_DIED';
        const error = startError ?? new AppError(code, undefined, { cause });
        settleReady?.reject(error);
        for (const pending of this.#pending.values()) pending.reject(error);
        this.#pending.clear();
        resolve();
      };
      this.#worker.once('error', die);
      this.#worker.once('exit', (code) => die(new Error(`database thread ended with ${code}`)));
    });
  }

  get load(): number {
    return this.#unanswered.size;
  }

  /** True while the thread works on this call; false when it waits or is done. */
  isRunning(id: number): boolean {
    return this.#unanswered.values().next().value === id;
  }

  get alive(): boolean {
    return !this.#dead && !this.#closing && !this.#abandoned;
  }

  /** Sends one operation; `id` names it for {@link abort}. */
  call(
    name: WorkerRequest['name'],
    args: unknown,
  ): { readonly id: number; readonly result: Promise<unknown> } {
    const id = this.#nextId;
    // The stop flag holds 32 bits; ids start again before they run over.
    this.#nextId = id >= 0x7ffffff0 ? 1 : id + 1;
    const result = new Promise<unknown>((resolve, reject) => {
      if (!this.alive) {
        reject(new AppError(this.#closing ? 'STORE_CLOSED' : 'STORE_READER_DIED'));
        return;
      }
      this.#pending.set(id, { resolve, reject });
      this.#unanswered.add(id);
      this.#worker.postMessage({ id, name, args } satisfies WorkerRequest);
    });
    return { id, result };
  }

  /** Stops the statement of this call at its next row. */
  abort(id: number): void {
    Atomics.store(this.#stop, stopSlot(id), id);
  }

  /** Fails a call now, whatever the thread does with it later. */
  giveUp(id: number, error: AppError): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.reject(error);
  }

  /** Lets queued calls finish, then ends the thread. */
  async close(): Promise<void> {
    if (this.#dead) return;
    while (this.#pending.size > 0 && !this.#dead) await Promise.race([this.#drained(), this.ended]);
    this.#closing = true;
    if (!this.#dead) this.#worker.postMessage('close');
    await this.ended;
  }

  /** Ends the thread without waiting for its statement; node cannot interrupt one, so this may take a while. */
  abandon(): void {
    this.#abandoned = true;
    this.#worker.unref();
    void untilInterruptible(this.#marks).then(() => this.#worker.terminate());
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 5));
  }

  #settle(message: Extract<WorkerReply, { id: number }>): void {
    this.#unanswered.delete(message.id);
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    this.#pending.delete(message.id);
    if (message.kind === 'result') pending.resolve(message.result);
    else pending.reject(deserializeError(message.error));
  }
}

import type { ReadName, WriteName } from '../../data/store.ts';
import type { Marks } from '../../lib/uninterrupted.ts';
import type { SerializedError } from '../../errors/app-error.ts';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly path: string;
  readonly role: 'reader' | 'writer';
  readonly maxBytes?: number;
  /**
   * Numbers of the requests that must stop, each at its {@link stopSlot}. Shared, because a running statement receives no
   * message.
   */
  readonly stop: SharedArrayBuffer;
  /** See `uninterrupted`. */
  readonly marks: Marks;
}

/** Far more than requests that wait for one thread. */
const STOP_SLOTS = 1_024;

export const newStopFlags = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(STOP_SLOTS * Int32Array.BYTES_PER_ELEMENT));

/** Where the number of a request stands when it must stop. */
export const stopSlot = (id: number): number => id % STOP_SLOTS;

/** One operation, one message each way. */
export interface WorkerRequest {
  readonly id: number;
  readonly name: ReadName | WriteName | 'scrub';
  readonly args: unknown;
}

export type WorkerReply =
  | { readonly kind: 'ready'; readonly applied: readonly number[] }
  | { readonly kind: 'failed'; readonly error: SerializedError }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: SerializedError };

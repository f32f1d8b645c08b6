import type { ReadName, WriteName } from '../../data/store.ts';
import type { SerializedError } from '../../errors/app-error.ts';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly path: string;
  readonly role: 'reader' | 'writer';
  readonly maxBytes?: number;
  /** [0]: number of the request that must stop. Shared, because a running statement receives no message. */
  readonly stop: SharedArrayBuffer;
}

/** One operation, one message each way. */
export interface WorkerRequest {
  readonly id: number;
  readonly name: ReadName | WriteName;
  readonly args: unknown;
}

export type WorkerReply =
  | { readonly kind: 'ready'; readonly applied: readonly number[] }
  | { readonly kind: 'failed'; readonly error: SerializedError }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: SerializedError };

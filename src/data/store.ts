import type { reads, writes } from './registry.ts';

type ArgsOf<F> = F extends (context: never, args: infer A) => Promise<unknown> ? A : never;
type ResultOf<F> = F extends (context: never, args: never) => Promise<infer R> ? R : never;

export type ReadName = keyof typeof reads;
export type WriteName = keyof typeof writes;
export type ReadArgs<K extends ReadName> = ArgsOf<(typeof reads)[K]>;
export type ReadResult<K extends ReadName> = ResultOf<(typeof reads)[K]>;
export type WriteArgs<K extends WriteName> = ArgsOf<(typeof writes)[K]>;
export type WriteResult<K extends WriteName> = ResultOf<(typeof writes)[K]>;

export interface ReadOptions {
  /** Default 10,000; past it the statement is stopped and STORE_DEADLINE thrown. */
  readonly deadlineMs?: number;
  /** Stops the statement early; the promise rejects with STORE_DEADLINE. */
  readonly signal?: AbortSignal;
}

/** The reading half of the store: it has no way to write (ARCHITECTURE 4). */
export interface StoreReader {
  readonly engine: 'sqlite' | 'postgres';
  /**
   * Runs one read operation on one consistent snapshot.
   * @throws AppError STORE_*
   */
  read<K extends ReadName>(name: K, args: ReadArgs<K>, options?: ReadOptions): Promise<ReadResult<K>>;
}

/** The one port of the database. An operation is one message and, for writes, one transaction. */
export interface Store extends StoreReader {
  readonly schemaVersion: number;
  /**
   * Runs one write operation in one transaction; nothing of it stays if it throws.
   * @throws AppError STORE_*, SYNC_LEASE_LOST
   */
  write<K extends WriteName>(name: K, args: WriteArgs<K>): Promise<WriteResult<K>>;
  /**
   * Writes the files anew, so that nothing which was deleted or replaced is left in their bytes. Takes about as long as
   * copying the database; others wait meanwhile.
   * @returns false when somebody was in the way: try again later
   * @throws AppError STORE_*
   */
  scrub(): Promise<boolean>;
  /** Finishes what runs, then closes. Further calls throw STORE_CLOSED. */
  close(): Promise<void>;
}

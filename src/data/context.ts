import type { RawBuilder } from 'kysely';
import type { ReadDb, WriteDb } from './db.ts';
import type { SegmentCache } from './search-index/segment-cache.ts';

/**
 * Where the engines really differ (ARCHITECTURE 2). Everything else is one function on the query builder that both run.
 * Past about eight members an operation gets an implementation of its own per engine instead.
 */
export interface Flavor {
  readonly engine: 'sqlite' | 'postgres';
  /** A condition that is always true while the caller still waits, and ends the statement when not. */
  alive(): RawBuilder<boolean>;
  /** Fresh internal numbers for conversations. */
  nextDocIds(db: WriteDb, count: number): Promise<readonly number[]>;
  /** The database's clock in Unix ms: processes of several machines share it, whatever their own clocks say. */
  now(): RawBuilder<number>;
  /** Other transactions may not change the rows that a query returns until this one ends; false where they cannot anyway. */
  readonly locksRows: boolean;
}

export interface ReadContext {
  readonly db: ReadDb;
  readonly flavor: Flavor;
  /** Parts of the search index that were read before; one for all reads of a thread or pool. */
  readonly segments: SegmentCache;
  /** Call it in long loops. @throws AppError STORE_DEADLINE when the caller no longer waits */
  readonly alive: () => void;
}

export interface WriteContext {
  readonly db: WriteDb;
  readonly flavor: Flavor;
  /** As in {@link ReadContext}, for the writes; emptied when a write fails. */
  readonly segments: SegmentCache;
}

import type { StoreReader } from '../data/store.ts';
import type { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { SyncPort } from './sync-port.ts';

export interface QueryDeps {
  readonly reader: StoreReader;
  readonly alias: string;
  readonly clock?: Clock;
  readonly logger: Logger;
  /** Why the background sync stands still, if it does. */
  readonly syncPaused?: () => AppError | undefined;
  /** Absent where nothing can or shall be synced. */
  readonly syncPort?: SyncPort | undefined;
}

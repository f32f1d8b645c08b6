import type { StoreReader } from '../data/store.ts';
import type { AppError } from '../errors/app-error.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { HitListKeeper } from './hit-list-port.ts';
import type { SyncPort } from './sync-port.ts';

export interface QueryDeps {
  readonly reader: StoreReader;
  readonly clock?: Clock;
  readonly logger: Logger;
  /** Absent where nothing can be written: cursors then hold their lists. */
  readonly lists?: HitListKeeper;
  /** The background sync of this process; absent where there is none, and none is expected. */
  readonly syncing?: {
    /** The aliases that there is a token for. */
    readonly aliases: readonly string[];
    /** Why a workspace with these aliases is not kept fresh by this process; undefined where it is. */
    readonly pausedBy: (aliases: readonly string[]) => AppError | undefined;
    /** Absent where nothing can or shall be synced. */
    readonly port?: SyncPort;
  };
}

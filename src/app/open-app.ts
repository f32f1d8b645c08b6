import type { Config } from '../config/config.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { createQueryService } from '../query/create-query-service.ts';
import type { QueryService } from '../query/types.ts';
import type { OpenedStore } from '../storage/open-store.ts';
import { createSyncService, type SyncService } from '../sync/create-sync-service.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createClient, type OpenedClient } from './create-client.ts';
import { openMirror } from './open-mirror.ts';

/** The workspace that the plain setting names describe (CONTRACT "Settings"). */
export const DEFAULT_ALIAS = 'default';

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** read: the mirror only. sync: a token is needed. serve: whatever is possible. */
  readonly use: 'read' | 'sync' | 'serve';
  /** For serve: no background sync. */
  readonly noSync?: boolean;
}

/** Every resource of the program, built once. Disposing of it drains: sync, then API client, then database. */
export interface App extends AsyncDisposable {
  readonly store: OpenedStore;
  /** The database cannot be written. */
  readonly readOnly: boolean;
  readonly query: QueryService;
  /** Absent where nothing can or shall be synced; `paused` says why. */
  readonly sync?: SyncService;
  readonly paused: () => AppError | undefined;
}

type Syncing = { readonly opened: OpenedClient } | { readonly because: AppError };

const prepareSync = (options: AppOptions, readOnlyBecause: AppError | undefined): Syncing | undefined => {
  const { config, logger, use, noSync } = options;
  if (use === 'read') return undefined;
  if (noSync) return { because: new AppError('SYNC_OFF') };
  if (readOnlyBecause) return { because: readOnlyBecause };
  try {
    return { opened: createClient(config, logger) };
  } catch (error) {
    // Without a usable token `serve` serves what is mirrored and says so (CONTRACT "Life of serve").
    if (use !== 'serve' || !isAppError(error)) throw error;
    logger.warn({ code: error.code }, error.message);
    return { because: error };
  }
};

/**
 * Builds the program for one use. Nothing is sent to Intercom and no lease taken before `sync` is used.
 * @throws AppError CONFIG_*, STORE_*
 */
export const openApp = async (options: AppOptions): Promise<App> => {
  const { config, logger, use } = options;
  // Before the database: a `sync` that cannot work should not leave an empty file behind.
  if (use === 'sync' && config.accessToken === undefined) throw new AppError('CONFIG_TOKEN_MISSING');
  const mode = use === 'read' ? 'readOnly' : use === 'sync' ? 'readWrite' : 'serve';
  const { store, readOnlyBecause } = await openMirror(config, mode, logger);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => store.close());
  const syncing = prepareSync(options, readOnlyBecause);
  let sync: SyncService | undefined;
  if (syncing && 'opened' in syncing) {
    const { client, close } = syncing.opened;
    undo.defer(close);
    const service = createSyncService({
      store,
      client,
      alias: DEFAULT_ALIAS,
      logger,
      concurrency: config.concurrency,
      leaseMs: config.leaseSeconds * 1000,
    });
    undo.defer(() => service.stop());
    sync = service;
  }
  const because = syncing && 'because' in syncing ? syncing.because : undefined;
  const paused = (): AppError | undefined => because ?? sync?.paused();
  const query = createQueryService({
    reader: store,
    alias: DEFAULT_ALIAS,
    logger,
    syncPaused: paused,
    syncPort: sync,
  });
  const resources = undo.move();
  return {
    store,
    readOnly: mode === 'readOnly' || readOnlyBecause !== undefined,
    query,
    paused,
    ...(sync ? { sync } : {}),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

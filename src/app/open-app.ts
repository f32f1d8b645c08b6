import { AppError } from '../errors/app-error.ts';
import { createQueryService } from '../query/create-query-service.ts';
import type { QueryService } from '../query/query-service.ts';
import type { OpenedStore } from '../storage/open-store.ts';
import type { AppOptions } from './app-options.ts';
import { keepHitLists } from './hit-list-keeper.ts';
import { openMirror } from './open-mirror.ts';
import { createSyncPort } from './create-sync-port.ts';
import type { SyncGroup } from './sync-group.ts';

/** Every resource of the program, built once. Disposing of it drains: syncs, then API clients, then database. */
export interface App extends AsyncDisposable {
  readonly store: OpenedStore;
  /** The database cannot be written. */
  readonly readOnly: boolean;
  readonly query: QueryService;
  /** Absent where nothing can or shall be synced; the status of the mirror says why. */
  readonly sync?: SyncGroup;
}

/**
 * Builds the program for one use. Nothing is sent to Intercom and no lease taken before `sync` is used.
 * @throws AppError CONFIG_*, STORE_*
 */
export const openApp = async (options: AppOptions): Promise<App> => {
  const { config, logger, noSync, use } = options;
  // Before the database: a `sync` that cannot work should not leave an empty file behind.
  if (use === 'sync' && config.workspaces.length === 0) throw new AppError('CONFIG_TOKEN_MISSING');
  const mode = use === 'read' ? 'readOnly' : use === 'sync' ? 'readWrite' : 'serve';
  const { store, readOnlyBecause } = await openMirror(config, mode, logger);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => store.close());
  const off = noSync ? new AppError('SYNC_OFF') : readOnlyBecause;
  // On demand: a command that only reads starts without HTTP client and sync.
  const open = async () => (await import('./open-syncs.ts')).openSyncs(options, store, undo);
  const syncs = use === 'read' ? undefined : (off ?? (await open()));
  const group = syncs instanceof AppError ? undefined : syncs;
  const canWrite = use !== 'read' && readOnlyBecause === undefined;
  const lists = canWrite ? undo.use(keepHitLists(store, logger)) : undefined;
  const query = createQueryService({
    reader: store,
    logger,
    ...(lists === undefined ? {} : { lists }),
    ...(syncs === undefined
      ? {}
      : {
          syncing: {
            aliases: group === undefined ? [] : group.members.map(({ alias }) => alias),
            pausedBy: syncs instanceof AppError ? () => syncs : syncs.pausedBy,
            ...(group ? { port: createSyncPort(group) } : {}),
          },
        }),
  });
  const resources = undo.move();
  return {
    store,
    readOnly: mode === 'readOnly' || readOnlyBecause !== undefined,
    query,
    ...(group ? { sync: group } : {}),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

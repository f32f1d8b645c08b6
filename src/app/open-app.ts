import type { Config } from '../config/config.ts';
import type { WorkspaceSettings } from '../config/workspace-settings.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { type Region, regionFrom } from '../intercom/region.ts';
import { createQueryService } from '../query/create-query-service.ts';
import type { QueryService } from '../query/types.ts';
import type { OpenedStore } from '../storage/open-store.ts';
import { createSyncService } from '../sync/create-sync-service.ts';
import type { Logger } from '../telemetry/logger.ts';
import { createClient, openNetwork } from './create-client.ts';
import { openMirror } from './open-mirror.ts';
import { createSyncGroup, type SyncedWorkspace, type SyncGroup } from './sync-group.ts';

export interface AppOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** read: the mirror only. sync: a token is needed. serve: whatever is possible. */
  readonly use: 'read' | 'sync' | 'serve';
  /** For serve: no background sync. */
  readonly noSync?: boolean;
  /** In place of Intercom's hosts, for tests. */
  readonly hosts?: Readonly<Record<Region, string>>;
}

/** Every resource of the program, built once. Disposing of it drains: syncs, then API clients, then database. */
export interface App extends AsyncDisposable {
  readonly store: OpenedStore;
  readonly query: QueryService;
  /** Absent where nothing can or shall be synced; the status of the mirror says why. */
  readonly sync?: SyncGroup;
}

/** The sync of one workspace, and what it needs. @throws AppError CONFIG_INVALID */
const openSync = async (
  { config, hosts, logger }: AppOptions,
  workspace: WorkspaceSettings,
  store: OpenedStore,
  undo: AsyncDisposableStack,
): Promise<SyncedWorkspace> => {
  const { alias } = workspace;
  const known = await store.read('findWorkspace', { alias });
  const knownRegion = regionFrom(known?.region);
  const client = createClient({ config, workspace, logger, knownRegion, hosts });
  undo.defer(() => client.close());
  const sync = createSyncService({
    store,
    client,
    alias,
    logger: logger.child({ workspace: alias }),
    concurrency: config.concurrency,
    leaseMs: config.leaseSeconds * 1000,
  });
  undo.defer(() => sync.stop());
  return { alias, sync };
};

/** Without a usable setting `serve` serves what is mirrored and says so (CONTRACT "Life of serve"). */
const orPaused = async <T>({ logger, use }: AppOptions, alias: string | undefined, open: () => T) => {
  try {
    return await open();
  } catch (error) {
    if (use !== 'serve' || !isAppError(error)) throw error;
    logger.warn({ code: error.code, ...(alias === undefined ? {} : { workspace: alias }) }, error.message);
    return error;
  }
};

/** The syncs of all workspaces, or why there are none. */
const openSyncs = async (
  options: AppOptions,
  store: OpenedStore,
  undo: AsyncDisposableStack,
): Promise<SyncGroup | AppError> => {
  const { config } = options;
  const opened = await orPaused(options, undefined, () => {
    if (config.workspaces.length === 0) throw new AppError('CONFIG_TOKEN_MISSING');
    undo.defer(openNetwork(config));
  });
  if (opened !== undefined) return opened;
  const members: SyncedWorkspace[] = [];
  for (const workspace of config.workspaces) {
    const { alias } = workspace;
    const member = await orPaused(options, alias, () => openSync(options, workspace, store, undo));
    members.push(member instanceof AppError ? { alias, because: member } : member);
  }
  return createSyncGroup(members);
};

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
  const syncs = use === 'read' ? undefined : (off ?? (await openSyncs(options, store, undo)));
  const group = syncs instanceof AppError ? undefined : syncs;
  const query = createQueryService({
    reader: store,
    logger,
    ...(syncs === undefined
      ? {}
      : {
          syncing: {
            aliases: group === undefined ? [] : group.members.map(({ alias }) => alias),
            pausedBy: syncs instanceof AppError ? () => syncs : syncs.pausedBy,
          },
        }),
  });
  const resources = undo.move();
  return {
    store,
    query,
    ...(group ? { sync: group } : {}),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
};

import type { WorkspaceSettings } from '../config/workspace-settings.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { regionFrom } from '../intercom/region.ts';
import type { OpenedStore } from '../storage/open-store.ts';
import { createSyncService } from '../sync/create-sync-service.ts';
import type { AppOptions } from './app-options.ts';
import { createClient, openNetwork } from './create-client.ts';
import { createSyncGroup, type SyncedWorkspace, type SyncGroup } from './sync-group.ts';

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
export const openSyncs = async (
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

import type { Config } from '../config/config.ts';
import { variableFor } from '../config/workspace-settings.ts';
import { AppError, toAppError } from '../errors/app-error.ts';
import { compareAliases } from '../lib/workspace-alias.ts';
import type { SyncService } from '../sync/create-sync-service.ts';
import { chosenEntities } from '../sync/run-entities.ts';
import type { RunOptions, SyncResult } from '../sync/types.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type App, openApp } from './open-app.ts';
import { joinProgress, type WorkspaceOutcome } from './sync-outcome.ts';

export type { RunOptions, SyncProgress, SyncResult } from '../sync/types.ts';
export { joinOutcomes, type WorkspaceOutcome, worstCode } from './sync-outcome.ts';

/**
 * The settings with the workspaces that are asked for.
 * @throws AppError CONFIG_TOKEN_MISSING for one that there is no token for
 */
export const chooseWorkspaces = (config: Config, names: readonly string[] | undefined): Config => {
  if (config.workspaces.length === 0) throw new AppError('CONFIG_TOKEN_MISSING');
  if (names === undefined || names.length === 0) return config;
  const wanted = names.map((name) => name.toLowerCase());
  const known = config.workspaces.map(({ alias }) => alias);
  const missing = wanted.find((alias) => !known.includes(alias));
  if (missing !== undefined) {
    const remedy = /^\w+$/.test(missing)
      ? `Set ${variableFor('INTERCOM_ACCESS_TOKEN', missing)}, or name another workspace.`
      : 'Name one of these.';
    throw new AppError(
      'CONFIG_TOKEN_MISSING',
      `There is no access token for workspace "${missing.slice(0, 60)}"; there is one for ${known.join(', ')}.`,
      { remedy },
    );
  }
  return { ...config, workspaces: config.workspaces.filter(({ alias }) => wanted.includes(alias)) };
};

interface Member {
  readonly alias: string;
  readonly sync: SyncService;
}

const membersOf = (app: App): readonly Member[] =>
  (app.sync?.members ?? []).flatMap(({ alias, sync }) => (sync ? [{ alias, sync }] : []));

/**
 * One complete sync of each workspace, side by side: opens everything, runs, closes everything. `onOutcome` hears of each as
 * it ends; the failure of one does not stop the others. When `signal` aborts, what was stored stays and the leases are
 * given back.
 * @throws AppError CONFIG_*, STORE_*, USAGE_INVALID; where there is only one workspace, all that its sync may fail with; SYNC_STOPPED after
 * an abort
 */
export const runSyncs = async (
  config: Config,
  options: RunOptions,
  logger: Logger,
  onOutcome: (outcome: WorkspaceOutcome) => Promise<void> = () => Promise.resolve(),
): Promise<readonly WorkspaceOutcome[]> => {
  const { signal } = options;
  // What nobody knows is said once, before anybody is asked.
  chosenEntities(options.only);
  await using app = await openApp({ config, logger, use: 'sync' });
  const members = membersOf(app);
  const progressOf = joinProgress(options.onProgress);
  const { onProgress: _onProgress, ...rest } = options;
  const identities = members.map(({ sync }) => sync.identify(signal));
  /** Whose token each is; nobody waits for it but the report, which names all aliases of a workspace. */
  const allIdentified = Promise.allSettled(identities);
  /** By workspace id: of several tokens of one workspace, one syncs it. */
  const groups = new Map<string, string[]>();
  const syncOne = async ({ alias, sync }: Member, index: number): Promise<WorkspaceOutcome | undefined> => {
    const aliases = [alias];
    const attempt = async (): Promise<SyncResult | undefined> => {
      const id = (await identities[index]) ?? '';
      const known = groups.get(id);
      known?.push(alias);
      if (known) return undefined;
      groups.set(id, aliases);
      return sync.run({ ...rest, ...progressOf(alias) });
    };
    const result = await attempt().catch(toAppError);
    if (result instanceof AppError && (signal?.aborted || members.length === 1)) throw result;
    if (result === undefined) return undefined;
    await allIdentified;
    const [workspace = alias, ...same] = aliases.toSorted(compareAliases);
    const outcome = { workspace, same, result };
    await onOutcome(outcome);
    return outcome;
  };
  const outcomes = await Promise.allSettled(members.map(syncOne));
  return outcomes.flatMap((outcome) => {
    if (outcome.status === 'rejected')
      throw signal?.aborted
        ? new AppError('SYNC_STOPPED', undefined, { cause: outcome.reason })
        : outcome.reason;
    return outcome.value === undefined ? [] : [outcome.value];
  });
};

/** One complete sync of the only workspace. @throws AppError, see {@link runSyncs} */
export const runSync = async (config: Config, options: RunOptions, logger: Logger): Promise<SyncResult> => {
  const [outcome] = await runSyncs(config, options, logger);
  if (outcome === undefined || outcome.result instanceof AppError)
    throw outcome?.result ?? new AppError('INTERNAL');
  return outcome.result;
};

export interface WatchListeners {
  readonly onResult: (workspace: string, result: SyncResult) => Promise<void>;
  /** A run failed in a way that may pass, and the next one follows; or the sync of one of several workspaces is over. */
  readonly onFailure: (workspace: string, error: AppError) => void;
}

interface Watching {
  readonly options: RunOptions & { readonly signal: AbortSignal };
  readonly listeners: WatchListeners;
  readonly pollMs: number;
}

/** Until `signal` aborts. @throws AppError what no later run can mend by itself */
const watchOne = async ({ alias, sync }: Member, watching: Watching): Promise<void> => {
  const { listeners, options, pollMs } = watching;
  const { askedAt = performance.now(), onProgress, only, signal } = options;
  const onResult = (result: SyncResult): Promise<void> => listeners.onResult(alias, result);
  const ended = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  const onFailure = (error: AppError): void => {
    if (error.retryable) listeners.onFailure(alias, error);
    else ended.reject(error);
  };
  try {
    await onResult(await sync.run({ ...options, askedAt }));
  } catch (error) {
    if (signal.aborted) return;
    const known = toAppError(error);
    if (!known.retryable) throw known;
    listeners.onFailure(alias, known);
  }
  if (signal.aborted) return;
  sync.start({
    pollMs,
    since: askedAt,
    onResult,
    onFailure,
    ...(onProgress ? { onProgress } : {}),
    ...(only ? { only } : {}),
  });
  await ended.promise.finally(() => sync.stop());
};

/**
 * One complete sync of each workspace, then again and again what changed, with the pause of the settings between two runs,
 * until `signal` aborts. Where another process syncs, this one stands by. One workspace that fails for good does not end
 * the others.
 * @throws AppError what no later run can mend by itself, once no workspace is left
 */
export const watchSyncs = async (
  config: Config,
  options: RunOptions & { readonly signal: AbortSignal },
  listeners: WatchListeners,
  logger: Logger,
): Promise<void> => {
  await using app = await openApp({ config, logger, use: 'sync' });
  const members = membersOf(app);
  const progressOf = joinProgress(options.onProgress);
  const { onProgress: _onProgress, ...rest } = options;
  const outcomes = await Promise.allSettled(
    members.map(async (member) => {
      const watching = { listeners, pollMs: config.pollSeconds * 1000 };
      try {
        await watchOne(member, { ...watching, options: { ...rest, ...progressOf(member.alias) } });
      } catch (error) {
        if (members.length > 1) listeners.onFailure(member.alias, toAppError(error));
        throw error;
      }
    }),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (failures.length === members.length) throw failures[0];
};

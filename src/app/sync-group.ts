import { variableFor } from '../config/workspace-settings.ts';
import { AppError } from '../errors/app-error.ts';
import type { SyncService } from '../sync/create-sync-service.ts';
import type { BackgroundOptions } from '../sync/types.ts';

/** A workspace that this process has a token for. */
export interface SyncedWorkspace {
  readonly alias: string;
  /** Absent where its token or another setting cannot be used; `because` says why. */
  readonly sync?: SyncService;
  readonly because?: AppError;
}

/**
 * The background syncs of one process, one a workspace. Each has its own lease, rate limiter and pauses: a dead token of one
 * is no matter of the others. Where two tokens are of the same workspace, one of the two waits for the lease and takes over
 * when the other one fails.
 */
export interface SyncGroup {
  readonly members: readonly SyncedWorkspace[];
  start(options: BackgroundOptions): void;
  stop(): Promise<void>;
  /** Why a workspace with these aliases stands still: none of its members syncs. No aliases: any workspace. */
  pausedBy(aliases: readonly string[]): AppError | undefined;
}

const tokenMissing = (aliases: readonly string[]): AppError => {
  const [alias = ''] = aliases;
  const variable = variableFor('INTERCOM_ACCESS_TOKEN', alias);
  return new AppError(
    'CONFIG_TOKEN_MISSING',
    `No Intercom access token is configured for workspace "${alias}".`,
    { remedy: `Set ${variable} to a token from the Intercom Developer Hub.` },
  );
};

export const createSyncGroup = (members: readonly SyncedWorkspace[]): SyncGroup => {
  const services = members.flatMap(({ sync }) => (sync ? [sync] : []));
  return {
    members,
    start(options) {
      for (const service of services) service.start(options);
    },
    async stop() {
      await Promise.all(services.map((service) => service.stop()));
    },
    pausedBy(aliases) {
      const asked = aliases.length === 0 ? members : members.filter(({ alias }) => aliases.includes(alias));
      if (asked.length === 0) return tokenMissing(aliases);
      const reasons = asked.map(({ because, sync }) => because ?? sync?.paused());
      return reasons.includes(undefined) ? undefined : reasons[0];
    },
  };
};

import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { AppError, toAppError } from '../errors/app-error.ts';
import type { RunOptions, SyncResult } from '../sync/types.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openApp } from './open-app.ts';

export type { SyncProgress, SyncResult } from '../sync/types.ts';

/**
 * One complete sync: opens everything, runs, closes everything. When `signal` aborts, what was stored stays and the
 * lease is given back.
 * @throws AppError CONFIG_*, STORE_*, INTERCOM_*, SYNC_*; SYNC_STOPPED after an abort
 */
export const runSync = async (config: Config, options: RunOptions, logger: Logger): Promise<SyncResult> => {
  await using app = await openApp({ config, logger, use: 'sync' });
  if (!app.sync) throw app.paused() ?? new AppError('INTERNAL');
  try {
    return await app.sync.run(options);
  } catch (error) {
    if (options.signal?.aborted) throw new AppError('SYNC_STOPPED', undefined, { cause: error });
    throw error;
  }
};

export interface WatchListeners {
  readonly onResult: (result: SyncResult) => Promise<void>;
  /** A run failed in a way that may pass; the next one follows. */
  readonly onFailure: (error: AppError) => void;
}

/**
 * Syncs again and again, with the pause of the settings between two runs, until `signal` aborts.
 * @throws AppError what no later run can mend by itself
 */
export const watchSync = async (
  config: Config,
  options: RunOptions & { readonly signal: AbortSignal },
  listeners: WatchListeners,
  logger: Logger,
): Promise<void> => {
  const { signal } = options;
  await using app = await openApp({ config, logger, use: 'sync' });
  if (!app.sync) throw app.paused() ?? new AppError('INTERNAL');
  while (!signal.aborted) {
    try {
      await listeners.onResult(await app.sync.run(options));
    } catch (error) {
      if (signal.aborted) return;
      const known = toAppError(error);
      if (!known.retryable) throw known;
      listeners.onFailure(known);
    }
    await sleep(config.pollSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
};

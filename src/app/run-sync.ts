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
 * One complete sync, then again and again what changed, with the pause of the settings between two runs, until `signal`
 * aborts. Where another process syncs, this one stands by.
 * @throws AppError what no later run can mend by itself
 */
export const watchSync = async (
  config: Config,
  options: RunOptions & { readonly signal: AbortSignal },
  listeners: WatchListeners,
  logger: Logger,
): Promise<void> => {
  const { onProgress, signal } = options;
  const pollMs = config.pollSeconds * 1000;
  await using app = await openApp({ config, logger, use: 'sync' });
  const { sync } = app;
  if (!sync) throw app.paused() ?? new AppError('INTERNAL');
  const ended = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => ended.resolve(), { once: true });
  const onFailure = (error: AppError): void => {
    if (error.retryable) listeners.onFailure(error);
    else ended.reject(error);
  };
  try {
    await listeners.onResult(await sync.run(options));
  } catch (error) {
    if (signal.aborted) return;
    const known = toAppError(error);
    if (!known.retryable) throw known;
    listeners.onFailure(known);
  }
  if (signal.aborted) return;
  sync.start({
    pollMs,
    restFirst: true,
    onResult: listeners.onResult,
    onFailure,
    ...(onProgress ? { onProgress } : {}),
    ...(options.only ? { only: options.only } : {}),
  });
  await ended.promise;
};

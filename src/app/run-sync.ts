import type { Config } from '../config/config.ts';
import { AppError } from '../errors/app-error.ts';
import type { RunOptions, SyncResult } from '../sync/types.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openApp } from './open-app.ts';

export type { EntityResult, SyncProgress, SyncResult } from '../sync/types.ts';

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

import type { Config } from '../config/config.ts';
import { type AppError, isAppError } from '../errors/app-error.ts';
import { type OpenedStore, openStore } from '../storage/open-store.ts';
import type { Logger } from '../telemetry/logger.ts';

const MEBIBYTE = 1024 * 1024;

/** The database, and why it can only be read, if so. */
export interface OpenedMirror {
  readonly store: OpenedStore;
  readonly readOnlyBecause?: AppError;
}

const open = (
  config: Config,
  mode: 'readWrite' | 'readOnly',
  readers: number,
  logger: Logger,
): Promise<OpenedStore> =>
  openStore({
    url: config.databaseUrl.reveal(),
    mode,
    logger,
    readers,
    ...(config.maxDatabaseMb === undefined ? {} : { maxBytes: config.maxDatabaseMb * MEBIBYTE }),
  });

/**
 * Opens the database that the settings name. `serve` wants to write and makes do with reading where the file or the
 * disk does not allow it.
 * @throws AppError STORE_*
 */
export const openMirror = async (
  config: Config,
  mode: 'readOnly' | 'readWrite' | 'serve',
  logger: Logger,
): Promise<OpenedMirror> => {
  // A command asks one thing at a time: a second reader would only cost memory.
  if (mode !== 'serve') return { store: await open(config, mode, 1, logger) };
  const { readers } = config;
  try {
    return { store: await open(config, 'readWrite', readers, logger) };
  } catch (error) {
    if (!isAppError(error, 'STORE_READ_ONLY') && !isAppError(error, 'STORE_FULL')) throw error;
    // What stopped the first attempt says more than why the second failed too.
    const store = await open(config, 'readOnly', readers, logger).catch(() => {
      throw error;
    });
    logger.warn({ code: error.code }, 'the database can only be read; serving what is mirrored');
    return { store, readOnlyBecause: error };
  }
};

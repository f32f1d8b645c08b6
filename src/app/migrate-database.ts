import type { Config } from '../config/config.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openMirror } from './open-mirror.ts';

/** What a migration did. */
export interface MigrationResult {
  readonly engine: 'sqlite' | 'postgres';
  /** Versions that were applied now, oldest first. */
  readonly applied: readonly number[];
  readonly schema_version: number;
}

/**
 * Brings the schema of the database to what this version knows; creates the database file where there is none.
 * @throws AppError STORE_*
 */
export const migrateDatabase = async (config: Config, logger: Logger): Promise<MigrationResult> => {
  const { store } = await openMirror(config, 'readWrite', logger);
  try {
    return { engine: store.engine, applied: store.applied, schema_version: store.schemaVersion };
  } finally {
    await store.close();
  }
};

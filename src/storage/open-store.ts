import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import type { Store } from '../data/store.ts';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface OpenStoreOptions {
  /** `sqlite:/path/file.db`, `sqlite:relative.db` or `postgresql://…`. */
  readonly url: string;
  /** readWrite migrates; readOnly needs a mirror with the schema this version knows. */
  readonly mode: 'readWrite' | 'readOnly';
  readonly logger: Logger;
  /** Reader threads (SQLite) or, with one more for the writer, connections (PostgreSQL). Default 2. */
  readonly readers?: number;
  /** Largest size of a SQLite file. */
  readonly maxBytes?: number;
}

export type OpenedStore = Store & { readonly applied: readonly number[] };

/** `sqlite:` URL → path; undefined when it is not one. */
export const sqlitePathOf = (url: string): string | undefined => {
  if (url.startsWith('sqlite:file:') || url.startsWith('sqlite:///')) {
    return resolve(fileURLToPath(`file://${url.replace(/^sqlite:(file:)?(\/\/)?/, '')}`));
  }
  if (!url.startsWith('sqlite:')) return undefined;
  const path = url.slice('sqlite:'.length);
  return path === '' ? undefined : resolve(path);
};

/**
 * Opens the mirror; the driver of the other engine is never loaded.
 * @throws AppError STORE_URL_INVALID, STORE_*
 */
export const openStore = async (options: OpenStoreOptions): Promise<OpenedStore> => {
  const { url, mode, logger } = options;
  const readers = options.readers ?? 2;
  const path = sqlitePathOf(url);
  if (path !== undefined) {
    const { SqliteStore } = await import('./sqlite/engine.ts');
    const { maxBytes } = options;
    return SqliteStore.open({ path, mode, readers, logger, ...(maxBytes === undefined ? {} : { maxBytes }) });
  }
  if (/^postgres(ql)?:\/\//.test(url)) {
    if (!URL.canParse(url)) throw new AppError('STORE_URL_INVALID');
    const { PostgresStore } = await import('./postgres/engine.ts');
    return PostgresStore.open({ url, mode, connections: readers, logger });
  }
  throw new AppError('STORE_URL_INVALID');
};

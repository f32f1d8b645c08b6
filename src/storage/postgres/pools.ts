import pg from 'pg';
import type { Logger } from '../../telemetry/logger.ts';

export const CONNECT_TIMEOUT_MS = 10_000;
const APPLICATION = 'fast-intercom-mcp';
/**
 * A process that is stopped in the middle of a write, or a host that vanishes, must not keep others from taking the sync
 * over: the server ends its transaction after this time, well within a lease.
 */
const IDLE_IN_TRANSACTION_MS = 15_000;
const LOCK_TIMEOUT_MS = 20_000;
const INT8 = 20;
const NUMERIC = 1700;

/** bigint and numeric arrive as numbers: ours are seconds, milliseconds and counts, all below 2^53. */
const numberTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 || oid === NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** A pool of connections to one database. A connection that is lost while idle is replaced at the next use. */
export const createPool = (url: string, connections: number, logger: Logger): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: numberTypes,
    application_name: APPLICATION,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // Without a listener the loss of an idle connection would end the process.
  pool.on('error', (cause) => logger.warn({ cause }, 'an idle database connection was lost'));
  return pool;
};

/** Ends the statement that another connection of ours runs. Over a connection of its own: the pools may be full. */
export const cancelStatement = async (url: string, backend: number, logger: Logger): Promise<void> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', (cause) => logger.debug({ cause }, 'a connection for cancelling was lost'));
  try {
    await client.connect();
    await client.query('select pg_cancel_backend($1)', [backend]);
  } catch (cause) {
    logger.debug({ cause }, 'a statement could not be cancelled; it ends by its own timeout');
  } finally {
    await client.end().catch(() => undefined);
  }
};

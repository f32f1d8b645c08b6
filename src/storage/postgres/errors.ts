import { AppError, isAppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/codes.ts';

/** SQLSTATEs (PostgreSQL appendix A) that a person can do something about. */
const CODE_BY_STATE: Readonly<Record<string, ErrorCode>> = {
  '57014': 'STORE_DEADLINE', // query_canceled
  '25006': 'STORE_READ_ONLY', // read_only_sql_transaction
  '53100': 'STORE_FULL', // disk_full
  '55P03': 'STORE_BUSY', // lock_not_available
  '40001': 'STORE_BUSY', // serialization_failure
  '40P01': 'STORE_BUSY', // deadlock_detected
  '53300': 'STORE_BUSY', // too_many_connections
  XX001: 'STORE_DAMAGED', // data_corrupted
  XX002: 'STORE_DAMAGED', // index_corrupted
};

const MESSAGE_BY_STATE: Readonly<Record<string, string>> = {
  '28P01': 'The database server refused the user or password of DATABASE_URL.',
  '28000': 'The database server refused the user of DATABASE_URL.',
  '3D000': 'The database named in DATABASE_URL does not exist on the server.',
};

const INSUFFICIENT_PRIVILEGE = '42501';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'EPIPE',
  'ENOENT',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08006',
]);

/** An error of the driver (or anything else) as an AppError; the server's own words go to the cause, never to the message. */
export const toStoreError = (error: unknown): AppError => {
  if (isAppError(error)) return error;
  const nested = error instanceof AggregateError ? error.errors[0] : undefined;
  const state = String(
    (error as { code?: unknown } | null)?.code ?? (nested as { code?: unknown } | undefined)?.code ?? '',
  );
  if (state === INSUFFICIENT_PRIVILEGE) {
    return new AppError('STORE_READ_ONLY', 'The user of DATABASE_URL has not the rights that this needs.', {
      cause: error,
      remedy:
        'Grant it the rights on the schema and its tables (docs/operations.md), or choose another user.',
    });
  }
  const message = MESSAGE_BY_STATE[state];
  if (message !== undefined) return new AppError('STORE_UNREACHABLE', message, { cause: error });
  const dropped = /terminated|timeout exceeded when trying to connect|Connection ended/i.test(
    String((error as Error | null)?.message),
  );
  if (UNREACHABLE.has(state) || dropped)
    return new AppError('STORE_UNREACHABLE', undefined, { cause: error });
  return new AppError(CODE_BY_STATE[state] ?? 'STORE_FAILED', undefined, {
    cause: error,
    details: { state },
  });
};

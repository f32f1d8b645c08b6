import { AppError, isAppError } from '../../errors/app-error.ts';
import type { ErrorCode } from '../../errors/codes.ts';

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that a person can do something about. */
const CODE_BY_RESULT: Readonly<Record<number, ErrorCode>> = {
  5: 'STORE_BUSY', // SQLITE_BUSY
  6: 'STORE_BUSY', // SQLITE_LOCKED
  8: 'STORE_READ_ONLY', // SQLITE_READONLY
  10: 'STORE_FAILED', // SQLITE_IOERR
  11: 'STORE_DAMAGED', // SQLITE_CORRUPT
  13: 'STORE_FULL', // SQLITE_FULL
  14: 'STORE_READ_ONLY', // SQLITE_CANTOPEN
  26: 'STORE_DAMAGED', // SQLITE_NOTADB
};

const RESULT_IOERR = 10;
/** SQLITE_IOERR_WRITE: a quota or a limit on file sizes refuses a write so; a disk without room is SQLITE_FULL by itself. */
const IOERR_WRITE = 778;
/** Enough to recognise a statement; a list of ids behind it says nothing. */
const MAX_STATEMENT = 500;

/** An error of node:sqlite (or anything else) as an AppError; the SQL goes to details, never to the message. */
export const toStoreError = (error: unknown, statement?: string): AppError => {
  if (isAppError(error)) return error;
  const extended = (error as { errcode?: unknown } | null)?.errcode;
  const primary = typeof extended === 'number' ? extended & 0xff : undefined;
  let code: ErrorCode = (primary === undefined ? undefined : CODE_BY_RESULT[primary]) ?? 'STORE_FAILED';
  // A full disk may show as a failed write before SQLite calls it full.
  const refused = extended === IOERR_WRITE || /ENOSPC|full/i.test(String((error as Error).message));
  if (primary === RESULT_IOERR && refused) code = 'STORE_FULL';
  return new AppError(code, undefined, {
    cause: error,
    details: {
      ...(statement === undefined ? {} : { statement: statement.slice(0, MAX_STATEMENT) }),
      ...(extended === undefined ? {} : { extended }),
    },
  });
};

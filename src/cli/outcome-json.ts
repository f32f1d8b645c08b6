import type { SyncResult } from '../app/run-sync.ts';
import { AppError } from '../errors/app-error.ts';
import { errorJson } from './report-error.ts';

/** How the sync of one workspace ended, as `--json` shows it: the result, or the error in the same form. */
export const outcomeJson = (result: SyncResult | AppError): object =>
  result instanceof AppError
    ? { status: 'failed', exit_code: result.exitCode, ...errorJson(result) }
    : result;

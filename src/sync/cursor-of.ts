import { AppError } from '../errors/app-error.ts';
import { nextCursor } from '../intercom/pagination.ts';

/**
 * The cursor of the next page, null at the end (TRAPS T08: a short or empty page is not the end).
 * @throws AppError SYNC_CURSOR_REPEATED when the answer points back to itself (TRAPS T06), INTERCOM_BAD_BODY when it
 * says that there is more but not where
 */
export const cursorOf = (pages: unknown, current: string | null): string | null => {
  const next = nextCursor(pages);
  if (next === undefined) return null;
  if (next.kind !== 'cursor')
    throw new AppError('INTERCOM_BAD_BODY', undefined, { details: { reason: 'pages.next' } });
  if (next.startingAfter === current) throw new AppError('SYNC_CURSOR_REPEATED');
  return next.startingAfter;
};

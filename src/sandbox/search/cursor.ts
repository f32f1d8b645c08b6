import { ApiError } from '../errors.ts';

/** Behind which object the next page begins, and its number. */
export interface PageCursor {
  /** Unix seconds. */
  readonly time: number;
  readonly id: string;
  readonly page: number;
}

const isDecimal = (id: string): boolean => /^\d{1,15}$/.test(id);

/** Base64 of [sort value in ms, id, number of the next page]: a keyset, stateless (API-FACTS 3.4, 3.5). */
export const encodeCursor = ({ time, id, page }: PageCursor): string =>
  Buffer.from(JSON.stringify([time * 1000, isDecimal(id) ? Number(id) : id, page])).toString('base64');

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
};

/** @returns undefined without a cursor @throws ApiError 400 */
export const decodeCursor = (cursor: unknown): PageCursor | undefined => {
  if (cursor === undefined || cursor === null || cursor === '') return undefined;
  const parsed = typeof cursor === 'string' ? parse(cursor) : undefined;
  const [ms, id, page] = Array.isArray(parsed) ? (parsed as unknown[]) : [];
  const hasId = typeof id === 'string' || typeof id === 'number';
  if (typeof ms !== 'number' || !hasId || typeof page !== 'number') throw invalidCursor(cursor);
  return { time: ms / 1000, id: String(id), page };
};

export const invalidCursor = (cursor: unknown): ApiError =>
  new ApiError(400, 'client_error', `Invalid starting_after param: ${JSON.stringify(cursor).slice(0, 80)}`);

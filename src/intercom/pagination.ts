import { AppError } from '../errors/app-error.ts';

/** What to ask for next: a cursor of a list or search, or a page number. */
export type NextCursor =
  | { readonly kind: 'cursor'; readonly startingAfter: string }
  | { readonly kind: 'page'; readonly page: number };

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable = (): AppError =>
  new AppError('INTERCOM_BAD_BODY', undefined, { details: { reason: 'pages.next' } });

/** A cursor wins over a page number: `{page, starting_after}` comes from the cursor style. */
const choose = (startingAfter: unknown, page: unknown): NextCursor | undefined => {
  if (typeof startingAfter === 'string' && startingAfter !== '') return { kind: 'cursor', startingAfter };
  if (startingAfter !== undefined && startingAfter !== null && startingAfter !== '') throw unreadable();
  if (page === undefined || page === null || page === '') return undefined;
  const number = typeof page === 'string' ? Number(page) : page;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) throw unreadable();
  return { kind: 'page', page: number };
};

const fromUrl = (next: string): NextCursor => {
  // The base only makes relative links parse; host and path of the link are never used (the token must not follow them).
  const url = URL.canParse(next, 'http://localhost') ? new URL(next, 'http://localhost') : undefined;
  const found = url && choose(url.searchParams.get('starting_after'), url.searchParams.get('page'));
  // A link that says there is more, but not where, must not look like the end (TRAPS T09).
  if (!found) throw unreadable();
  return found;
};

/**
 * Reads the `pages` object of a list or search answer: the next cursor or page, undefined at the end.
 * The four shapes of `next` (object, URL string, null, absent) and `pages: null` (scroll) are understood
 * (API-FACTS 3, TRAPS T09). Anything else throws INTERCOM_BAD_BODY: an unknown shape is not the end of a list.
 */
export const nextCursor = (pages: unknown): NextCursor | undefined => {
  if (pages === undefined || pages === null) return undefined;
  if (!isRecord(pages)) throw unreadable();
  const next = pages['next'];
  if (next === undefined || next === null || next === '') return undefined;
  if (typeof next === 'string') return fromUrl(next);
  if (!isRecord(next)) throw unreadable();
  return choose(next['starting_after'], next['page']);
};

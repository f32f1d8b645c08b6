import { decodeCursor } from '../search/cursor.ts';
import type { PageRequest } from '../search/find-page.ts';
import type { JsonObject } from '../world.ts';
import type { Behaviour } from './behaviour.ts';

/** Largest page of any list (API-FACTS 3.2). More than that is clamped; what Intercom does is not known. */
const MAX_PER_PAGE = 150;

export const perPageOf = (value: unknown, usual: number, most = MAX_PER_PAGE): number =>
  Math.min(most, Math.max(1, Math.floor(Number(value ?? usual)) || usual));

const isEach = (every: number, page: number): boolean => every > 0 && page % every === 0;

/** Which page of a cursor list is asked for, and how much of it is shown. @throws ApiError 400 */
export const pageOf = (
  { emptyPageEvery, shortPageEvery }: Behaviour,
  perPage: number,
  startingAfter: unknown,
): Pick<PageRequest, 'cursor' | 'perPage' | 'shown'> => {
  const cursor = decodeCursor(startingAfter);
  const page = cursor?.page ?? 1;
  const short = isEach(shortPageEvery, page) ? Math.ceil(perPage / 3) : perPage;
  return { cursor, perPage, shown: isEach(emptyPageEvery, page) ? 0 : short };
};

/** A list by page number: `pages.next` is a URL on the US host, wherever the workspace is (API-FACTS 3, 15). */
export const numberedPage = (facts: {
  readonly path: string;
  readonly page: unknown;
  readonly perPage: number;
  readonly total: number;
  readonly order?: string;
}): { readonly pages: JsonObject; readonly from: number; readonly until: number } => {
  const { path, perPage, total, order } = facts;
  const page = Math.max(1, Math.floor(Number(facts.page ?? 1)) || 1);
  const totalPages = Math.ceil(total / perPage);
  const query = `per_page=${perPage}${order === undefined ? '' : `&order=${order}`}&page=${page + 1}`;
  return {
    pages: {
      type: 'pages',
      next: page < totalPages ? `https://api.intercom.io${path}?${query}` : null,
      page,
      per_page: perPage,
      total_pages: totalPages,
    },
    from: (page - 1) * perPage,
    until: Math.min(total, page * perPage),
  };
};

import type { JsonObject } from '../world.ts';

/** Largest page of any list (API-FACTS 3.2). More than that is clamped; what Intercom does is not known. */
const MAX_PER_PAGE = 150;

export const perPageOf = (value: unknown, usual: number, most = MAX_PER_PAGE): number =>
  Math.min(most, Math.max(1, Math.floor(Number(value ?? usual)) || usual));

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

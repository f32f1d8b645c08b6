/** GET /internal_articles, page numbers; since 2.13 (API-FACTS 3, 5.6). */
export const INTERNAL_ARTICLES = {
  path: '/internal_articles',
  key: 'data',
  query: { per_page: 50 },
} as const;

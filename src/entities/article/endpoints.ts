/** GET /articles, page numbers, the newest updated_at first (API-FACTS 3, 5.6). */
export const ARTICLES = { path: '/articles', key: 'data', query: { per_page: 50 } } as const;

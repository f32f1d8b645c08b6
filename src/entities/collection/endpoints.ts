/** GET /help_center/collections, page numbers (API-FACTS 3, 5.6). */
export const COLLECTIONS = {
  path: '/help_center/collections',
  key: 'data',
  query: { per_page: 50 },
} as const;

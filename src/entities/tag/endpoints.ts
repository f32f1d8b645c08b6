/** GET /tags gives all of them at once (API-FACTS 3, 3.1). */
export const TAGS = { path: '/tags', key: 'data' } as const;

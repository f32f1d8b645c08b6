/** GET /segments gives all of them at once (API-FACTS 3, 5.5). */
export const SEGMENTS = { path: '/segments', key: 'segments', query: { include_count: true } } as const;

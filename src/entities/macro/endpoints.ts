/** GET /macros, cursor list, at most 150 a page; since 2.16 (API-FACTS 3, 3.2, 5.6). */
export const MACROS = { path: '/macros', key: 'data', query: { per_page: 150 } } as const;

/** GET /brands gives all of them at once; since 2.15 (API-FACTS 3, 10). */
export const BRANDS = { path: '/brands', key: 'data' } as const;

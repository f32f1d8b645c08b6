/** GET /admins gives all of them at once (API-FACTS 3, 3.1). */
export const ADMINS = { path: '/admins', key: 'admins' } as const;

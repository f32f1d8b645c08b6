/** GET /subscription_types gives all of them at once (API-FACTS 3). */
export const SUBSCRIPTION_TYPES = { path: '/subscription_types', key: 'data' } as const;

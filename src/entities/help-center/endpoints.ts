/** GET /help_center/help_centers gives all of them at once (API-FACTS 3). */
export const HELP_CENTERS = { path: '/help_center/help_centers', key: 'data' } as const;

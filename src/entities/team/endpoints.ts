/** GET /teams gives all of them at once (API-FACTS 3, 3.1). */
export const TEAMS = { path: '/teams', key: 'teams' } as const;

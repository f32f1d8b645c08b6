/** GET /ticket_states gives all of them at once; since 2.12 (API-FACTS 3, 5.2). */
export const TICKET_STATES = { path: '/ticket_states', key: 'data' } as const;

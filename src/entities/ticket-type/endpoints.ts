/** GET /ticket_types gives all of them at once, archived ones too (API-FACTS 3, 5.2). */
export const TICKET_TYPES = { path: '/ticket_types', key: 'data' } as const;

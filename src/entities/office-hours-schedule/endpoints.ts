/** GET /office_hours_schedules gives all of them at once; in the description of 2.16, API-FACTS 10 does not name it. */
export const OFFICE_HOURS_SCHEDULES = { path: '/office_hours_schedules', key: 'data' } as const;

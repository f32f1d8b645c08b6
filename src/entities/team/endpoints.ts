import { asObject } from '../../lib/read-json.ts';

/** GET /teams gives all of them at once (API-FACTS 3). */
export const TEAMS_PATH = '/teams';
/** Key of the array in the answer (API-FACTS 3.1). */
export const TEAMS_KEY = 'teams';

export const isTeamList = (json: unknown): json is Record<string, unknown> =>
  Array.isArray(asObject(json)[TEAMS_KEY]);

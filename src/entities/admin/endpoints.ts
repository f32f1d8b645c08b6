import { asObject } from '../../lib/read-json.ts';

/** GET /admins gives all of them at once (API-FACTS 3). */
export const ADMINS_PATH = '/admins';
/** Key of the array in the answer (API-FACTS 3.1). */
export const ADMINS_KEY = 'admins';

export const isAdminList = (json: unknown): json is Record<string, unknown> =>
  Array.isArray(asObject(json)[ADMINS_KEY]);

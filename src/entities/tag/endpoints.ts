import { asObject } from '../../lib/read-json.ts';

/** GET /tags gives all of them at once (API-FACTS 3). */
export const TAGS_PATH = '/tags';
/** Key of the array in the answer (API-FACTS 3.1). */
export const TAGS_KEY = 'data';

export const isTagList = (json: unknown): json is Record<string, unknown> =>
  Array.isArray(asObject(json)[TAGS_KEY]);

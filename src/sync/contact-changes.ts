import {
  CONTACT_SEARCH_PATH,
  type ContactPage,
  contactSearchBody,
  hasMergeHistory,
  isContactPage,
  MERGE_HISTORY,
} from '../entities/contact/endpoints.ts';
import { isAppError } from '../errors/app-error.ts';
import type { IntercomResponse } from '../intercom/client.ts';
import { failedLately, noteFailed } from './capabilities.ts';
import type { RunContext } from './run-context.ts';

/** Under this name it is noted that the history of merges was refused. */
const CAPABILITY = 'merge_history';
/** Then it is not asked for so long, seconds. */
const REFUSED_REST_SECONDS = 86_400;

/** Asks for pages of contacts that changed. */
export type AskChanges = (dayStart: number, cursor: string | null) => Promise<IntercomResponse<ContactPage>>;

/**
 * With the history of merges where the API has it: a contact that was merged away is in no list, and the one that took it
 * in says so (API-FACTS 5.3, TRAPS T47). Where that is refused, without.
 */
export const openContactChanges = async (run: RunContext): Promise<AskChanges> => {
  const { client, logger, signal } = run;
  const search = (dayStart: number, cursor: string | null, withMerges: boolean) =>
    client.request('POST', CONTACT_SEARCH_PATH, {
      ...(withMerges ? { query: MERGE_HISTORY } : {}),
      body: contactSearchBody(dayStart, cursor),
      expect: isContactPage,
      priority: 'high',
      signal,
    });
  let asks = hasMergeHistory(client.version) && !(await failedLately(run, CAPABILITY, REFUSED_REST_SECONDS));
  return async (dayStart, cursor) => {
    if (!asks) return search(dayStart, cursor, false);
    try {
      return await search(dayStart, cursor, true);
    } catch (error) {
      if (!isAppError(error, 'INTERCOM_BAD_REQUEST')) throw error;
      // Where the search fails for another reason, it does so again.
      const page = await search(dayStart, cursor, false);
      asks = false;
      logger.warn({ details: error.details }, 'contacts do not tell of merges; a complete list finds them');
      await noteFailed(run, CAPABILITY, error.code);
      return page;
    }
  };
};

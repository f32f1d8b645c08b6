import {
  CONTACT_PAGE_SIZE,
  CONTACT_SEARCH_PATH,
  type ContactPage,
  contactSearchBody,
  isContactPage,
  MERGE_HISTORY,
} from '../entities/contact/endpoints.ts';
import type { IntercomResponse } from '../intercom/client.ts';
import { openOptional } from './optional-parameters.ts';
import { askSized, PageSize, patienceFor } from './page-size.ts';
import type { RunContext } from './run-context.ts';

/** Asks for pages of contacts that changed. */
export type AskChanges = (dayStart: number, cursor: string | null) => Promise<IntercomResponse<ContactPage>>;

/**
 * With the history of merges where the API has it: a contact that was merged away is in no list, and the one that took it
 * in says so (API-FACTS 5.3, TRAPS T47).
 */
export const openContactChanges = async (run: RunContext): Promise<AskChanges> => {
  const { client, logger, signal } = run;
  const size = new PageSize(CONTACT_PAGE_SIZE);
  const askWith = await openOptional(run, {
    capability: 'contact_merges',
    query: MERGE_HISTORY,
    shows: 'which contacts were merged',
  });
  return (dayStart, cursor) =>
    askSized(size, logger, (perPage) =>
      askWith((query) =>
        client.request('POST', CONTACT_SEARCH_PATH, {
          ...(query === undefined ? {} : { query }),
          body: contactSearchBody(dayStart, cursor, perPage),
          expect: isContactPage,
          priority: 'high',
          ...patienceFor(perPage),
          signal,
        }),
      ),
    );
};

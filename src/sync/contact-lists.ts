import {
  CONTACT_LISTS,
  type ContactList,
  contactListPath,
  isContactList,
  objectsOfContactList,
} from '../entities/contact/endpoints.ts';
import { type ContactListRow, mapContactListRow } from '../entities/contact/mapping.ts';
import { fetchQueued, type ObjectSource } from './fetch-queued.ts';
import { PageTrail } from './page-trail.ts';
import { noteRefused, failedLately } from './capabilities.ts';
import type { RunContext } from './run-context.ts';

/** A list that may not be read is asked for again after this time, seconds. */
const REFUSED_REST_SECONDS = 3_600;

interface FetchedList {
  readonly contactId: string;
  readonly rows: readonly ContactListRow[];
}

const sourceOf = (list: ContactList): ObjectSource<FetchedList> => ({
  queue: `contact_${list}`,
  entity: 'contacts',
  async fetch({ client, signal }, contactId) {
    const trail = new PageTrail();
    const rows: ContactListRow[] = [];
    while (!trail.ended) {
      const { data, text } = await client.request('GET', contactListPath(contactId, list), {
        query: trail.query,
        expect: isContactList,
        signal,
      });
      const page = objectsOfContactList(text, data).flatMap((payload) => mapContactListRow(payload) ?? []);
      rows.push(...page);
      trail.follow(
        data.pages,
        page.map(({ id }) => id),
      );
    }
    return { contactId, rows };
  },
  async store({ fence, store, tuning }, lists, failures) {
    await store.write('applyContactLists', {
      fence,
      list,
      contacts: lists,
      failures,
      confirmAfterMs: tuning.confirmAfterMs,
    });
  },
});

/**
 * Fetches what contacts embed only in part: more than ten tags or companies, and the text of notes (API-FACTS 5.3). Which
 * contacts need it stands in the queue, written with the contact.
 */
export const fetchContactLists = async (run: RunContext): Promise<void> => {
  await Promise.all(
    CONTACT_LISTS.map(async (list) => {
      const source = sourceOf(list);
      if (run.pollMs !== undefined && (await failedLately(run, source.queue, REFUSED_REST_SECONDS))) return;
      const refusal = await fetchQueued(run, source);
      if (refusal === undefined) return;
      run.logger.warn({ list, code: refusal.code }, 'lists of contacts may not be read');
      await noteRefused(run, source.queue, { state: stateOfRefusal(refusal.code), error: refusal });
    }),
  );
};

const stateOfRefusal = (code: string) => (code === 'INTERCOM_PLAN' ? 'plan' : 'no_permission');

import type { IncomingContact } from '../data/writes/apply-contacts.ts';
import type { Merge } from '../data/writes/apply-contact-objects.ts';
import { contactPath } from '../entities/contact/endpoints.ts';
import { AppError, isAppError } from '../errors/app-error.ts';
import { asId, asObject, type Json } from '../lib/read-json.ts';
import { fetchQueued, type ObjectSource } from './fetch-queued.ts';
import { toIncomingContact } from './incoming-contact.ts';
import { serverSeconds, type RunContext } from './run-context.ts';

type Fetched = { readonly contact: IncomingContact; readonly fetchedAt: number } | { readonly merge: Merge };

const isContact =
  (id: string) =>
  (json: unknown): json is Json =>
    asId(asObject(json).id) === id;

/** Where a merged contact went (API-FACTS 7.3); undefined for any other answer, or where it is not said. */
const mergeOf = (id: string, error: unknown): Merge | undefined => {
  if (!isAppError(error, 'INTERCOM_GONE')) return undefined;
  const path = error.details['canonical'];
  const into = typeof path === 'string' ? /\/contacts\/([^/]+)$/.exec(path)?.[1] : undefined;
  return into === undefined || into === id ? undefined : { id, into: decodeURIComponent(into) };
};

export const CONTACTS: ObjectSource<Fetched> = {
  queue: 'contacts',
  entity: 'contacts',
  async fetch({ client, signal }, id, priority) {
    try {
      const { serverTime, text } = await client.request('GET', contactPath(id), {
        expect: isContact(id),
        priority,
        signal,
      });
      const contact = toIncomingContact(text);
      if (contact === undefined) throw new AppError('INTERCOM_BAD_BODY');
      return { contact, fetchedAt: serverTime };
    } catch (error) {
      const merge = mergeOf(id, error);
      if (merge === undefined) throw error;
      return { merge };
    }
  },
  async store({ client, fence, store, tuning }, items, failures) {
    const contacts = items.flatMap((item) => ('contact' in item ? [item] : []));
    await store.write('applyContactObjects', {
      fence,
      contacts: contacts.map(({ contact }) => contact),
      merges: items.flatMap((item) => ('merge' in item ? [item.merge] : [])),
      failures,
      confirmAfterMs: tuning.confirmAfterMs,
      fetchedAt: Math.max(0, ...contacts.map(({ fetchedAt }) => fetchedAt)) || serverSeconds(client),
    });
  },
};

/**
 * Asks for contacts one by one: those that a complete list no longer showed, and that only conversations name. @throws AppError the refusal, what ends the whole run
 */
export const fetchContacts = async (run: RunContext): Promise<void> => {
  const refusal = await fetchQueued(run, CONTACTS);
  if (refusal !== undefined) throw refusal;
};

import type { IncomingContact } from '../data/writes/apply-contacts.ts';
import type { Merge } from '../data/writes/apply-contact-objects.ts';
import type { WindowStep } from '../data/writes/scans.ts';
import { mapContact, mapMergeHistory } from '../entities/contact/mapping.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { toIncomingContact } from './incoming-contact.ts';
import type { RunContext } from './run-context.ts';

const ENTITY = 'contacts';

/** The contacts of an answer, each with its own JSON; those without an id count as failed. */
export const contactsOf = (run: RunContext, text: string): readonly IncomingContact[] => {
  const result = run.report.entity(ENTITY);
  return sliceArray(text, 'data').flatMap((payload): IncomingContact | [] => {
    const contact = toIncomingContact(payload);
    if (contact === undefined) result.failed += 1;
    return contact ?? [];
  });
};

/** Stores a page and counts it. `fetchedAt`: server time of the answer, Unix seconds. */
export const storeContacts = async (
  run: RunContext,
  contacts: readonly IncomingContact[],
  fetchedAt: number,
  step?: WindowStep,
): Promise<void> => {
  const { fence, report, store } = run;
  const { changed } = await store.write('applyContactPage', {
    fence,
    contacts,
    fetchedAt,
    ...(step === undefined ? {} : { step }),
  });
  const result = report.entity(ENTITY);
  result.listed += contacts.length;
  result.changed += changed;
  report.tell();
};

/** Stores what the contacts of a page say was merged into them. */
export const storeMerges = async (
  run: RunContext,
  contacts: readonly unknown[],
  fetchedAt: number,
): Promise<void> => {
  const merges = contacts.flatMap((contact): Merge[] => {
    const into = mapContact(contact)?.id;
    if (into === undefined) return [];
    return mapMergeHistory(contact).map(({ id, mergedAt }) => ({ id, into, mergedAt }));
  });
  if (merges.length > 0) await run.store.write('applyMerges', { fence: run.fence, merges, fetchedAt });
};

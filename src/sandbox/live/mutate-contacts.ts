import { ApiError } from '../errors.ts';
import { textOf } from '../text-of.ts';
import type { ContactDetails, JsonObject } from '../world.ts';
import { subListsOf } from '../world/contact-details.ts';
import { bump, editIn, hideIn, removeFrom, type Tell } from './editing.ts';
import type { LiveWorld } from './live-world.ts';

export interface ContactMutations {
  addContact(fields?: JsonObject): string;
  updateContact(id: string, fields: JsonObject): void;
  /** All that hangs at a contact: tags, notes, companies and segments by id, optedIn, optedOut. Those named are replaced. */
  setContactDetails(id: string, details: Partial<ContactDetails>, bumps?: boolean): void;
  deleteContact(id: string): void;
  /** Takes a contact out of list and search, while GET still answers; `false` brings it back (TRAPS T49). */
  archiveContact(id: string, archived?: boolean): void;
  /** `from` answers with 410 from now on (API-FACTS 7.3). */
  mergeContact(from: string, into: string): void;
}

export const contactMutations = (live: LiveWorld, tell: Tell): ContactMutations => {
  const { contacts } = live;
  const edit = (id: string, change: (item: JsonObject) => void): JsonObject =>
    editIn(contacts, 'Contact', id, change);
  const kindOf = (contact: JsonObject): string => (contact.role === 'lead' ? 'lead' : 'user');

  return {
    addContact(fields = {}) {
      const id = contacts.add(live.now(), (item) => Object.assign(item, fields));
      const contact = contacts.get(id) ?? {};
      tell(`contact.${kindOf(contact)}.created`, contact);
      return id;
    },
    updateContact(id, fields) {
      const contact = edit(id, (item) => {
        Object.assign(item, fields);
        if (fields.updated_at === undefined) bump(live, item);
      });
      tell(`contact.${kindOf(contact)}.updated`, contact);
    },
    setContactDetails(id, details, bumps = true) {
      const before = live.details(id);
      if (before === undefined) throw new ApiError(404, 'not_found', 'Contact not found');
      const now: ContactDetails = { ...before, ...details };
      live.changedDetails.set(id, now);
      const contact = edit(id, (item) => {
        Object.assign(item, subListsOf(id, now));
        if (bumps) bump(live, item);
      });
      const topic = details.tags === undefined ? 'updated' : 'tag.created';
      tell(`contact.${kindOf(contact)}.${topic}`, contact);
    },
    deleteContact(id) {
      removeFrom(contacts, 'Contact', id);
      tell('contact.deleted', { type: 'contact', id });
    },
    archiveContact(id, archived = true) {
      hideIn(contacts, 'Contact', id, archived);
      tell(archived ? 'contact.archived' : 'contact.unarchive', { type: 'contact', id });
    },
    mergeContact(from, into) {
      const merged = edit(into, (item) => bump(live, item));
      const { role } = removeFrom(contacts, 'Contact', from);
      live.merges.set(from, into);
      live.mergeLog.push({ from, into, role: textOf(role), at: live.now() });
      tell('contact.merged', { ...merged, merged_from: { type: 'contact', id: from } });
    },
  };
};

import { asArray, asFilledText, asFlag, asId, asInteger, asObject, asTime } from '../../lib/read-json.ts';
import type { ContactTable } from './table.ts';

export type ContactColumns = Omit<ContactTable, 'workspace_id' | 'payload' | 'fetched_at' | 'deleted_at'>;

/** How e-mail addresses are compared everywhere. */
export const emailKey = (email: string): string => email.trim().toLowerCase();

/** A contact object → columns; undefined without an id. */
export const mapContact = (payload: unknown): ContactColumns | undefined => {
  const contact = asObject(payload);
  const id = asId(contact.id);
  if (id === null) return undefined;
  const email = asFilledText(contact.email);
  return {
    id,
    external_id: asFilledText(contact.external_id),
    role: asFilledText(contact.role),
    name: asFilledText(contact.name),
    email,
    email_key: email === null ? null : emailKey(email),
    phone: asFilledText(contact.phone),
    created_at: asTime(contact.created_at),
    updated_at: asTime(contact.updated_at),
  };
};

/** What a contact embeds of one of its lists. */
export interface EmbeddedList {
  readonly ids: readonly string[];
  /** It has more than these (API-FACTS 5.3). */
  readonly hasMore: boolean;
  readonly total: number;
}

/** Undefined for a list that the object does not hold: nothing is known of it then. */
export interface ContactLists {
  readonly tags: EmbeddedList | undefined;
  readonly notes: EmbeddedList | undefined;
  readonly companies: EmbeddedList | undefined;
}

const embedded = (value: unknown): EmbeddedList | undefined => {
  const list = asObject(value);
  if (!Array.isArray(list.data)) return undefined;
  const ids = asArray(list.data).flatMap((item) => asId(asObject(item).id) ?? []);
  const total = Math.max(asInteger(list.total_count) ?? ids.length, ids.length);
  return { ids: [...new Set(ids)], total, hasMore: asFlag(list.has_more) === 1 || total > ids.length };
};

/** The lists of a contact object. */
export const mapContactLists = (payload: unknown): ContactLists => {
  const { companies, notes, tags } = asObject(payload);
  return { companies: embedded(companies), notes: embedded(notes), tags: embedded(tags) };
};

/** An object of a contact's list: a tag, a company or a note. */
export interface ContactListRow {
  readonly id: string;
  /** Of notes. */
  readonly authorId: string | null;
  readonly createdAt: number | null;
  /** The object's JSON, character for character. */
  readonly payload: string;
}

/** JSON of such an object → what is stored of it; undefined without an id. */
export const mapContactListRow = (payload: string): ContactListRow | undefined => {
  const object = asObject(JSON.parse(payload));
  const id = asId(object.id);
  if (id === null) return undefined;
  return { id, authorId: asId(asObject(object.author).id), createdAt: asTime(object.created_at), payload };
};

/** Key under which a user says what was merged into it, when asked to. */
export const MERGES_KEY = 'merge_history';

/** Who was merged into a user, as `merge_history` names it. */
export interface MergeSource {
  readonly id: string;
  readonly mergedAt: number | null;
}

/** The contacts that were merged into one; none where the object does not say (API-FACTS 5.3). */
export const mapMergeHistory = (payload: unknown): readonly MergeSource[] =>
  asArray(asObject(payload)[MERGES_KEY]).flatMap((entry) => {
    const { merged_at: mergedAt, source_contact_id: source } = asObject(entry);
    const id = asId(source);
    return id === null ? [] : [{ id, mergedAt: asTime(mergedAt) }];
  });

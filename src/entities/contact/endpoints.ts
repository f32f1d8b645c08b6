import { sliceArray } from '../../lib/json/slice-json.ts';
import { asObject, type Json } from '../../lib/read-json.ts';

/** GET /contacts, cursor list, at most 150 a page (API-FACTS 3.2). */
export const CONTACTS_PATH = '/contacts';
export const CONTACT_PAGE_SIZE = 150;

export interface ContactPage {
  readonly data: readonly unknown[];
  readonly pages?: unknown;
  readonly total_count?: number;
}

/** A list without `pages` is a broken answer, not the last page (TRAPS T62). */
export const isContactPage = (json: unknown): json is ContactPage => {
  const page = asObject(json);
  return Array.isArray(page.data) && page.pages !== undefined;
};

/** POST /contacts/search. */
export const CONTACT_SEARCH_PATH = '/contacts/search';

/** Lets a search say what was merged into each user, from 2.16 on (API-FACTS 5.3). */
export const MERGE_HISTORY = { include_merge_history: true } as const;

/**
 * Body of a search for the contacts that changed since a day began. Dates are cut to days, `>` begins with the next day,
 * and nothing but `=`, `>`, `<` is allowed (API-FACTS 4.3, TRAPS T15, T16). Where dates are compared by seconds (Preview,
 * 4.4), the same query means the same. Sorting goes by seconds always, so the newest come first.
 * @param dayStart first second of the day, Unix seconds
 */
export const contactSearchBody = (dayStart: number, startingAfter: string | null, perPage: number) => ({
  query: {
    operator: 'OR',
    value: [
      { field: 'updated_at', operator: '=', value: dayStart },
      { field: 'updated_at', operator: '>', value: dayStart },
    ],
  },
  sort: { field: 'updated_at', order: 'descending' },
  pagination: {
    per_page: perPage,
    ...(startingAfter === null ? {} : { starting_after: startingAfter }),
  },
});

/** Body of a search for the contacts of a segment (API-FACTS 4.9), in an order that nothing moves (TRAPS T01). */
export const segmentSearchBody = (segmentId: string, startingAfter: string | null, perPage: number) => ({
  query: { field: 'segment_id', operator: '=', value: segmentId },
  sort: { field: 'created_at', order: 'ascending' },
  pagination: {
    per_page: perPage,
    ...(startingAfter === null ? {} : { starting_after: startingAfter }),
  },
});

/** What a contact embeds ten of at most; the rest, and the text of notes, is fetched (API-FACTS 5.3). */
/** GET /contacts/{id}: 410 with a Link for one that was merged, from 2.16 on (API-FACTS 7.3). */
export const contactPath = (id: string): string => `/contacts/${encodeURIComponent(id)}`;

export const CONTACT_LISTS = ['tags', 'notes', 'companies'] as const;
export type ContactList = (typeof CONTACT_LISTS)[number];

/** GET /contacts/{id}/tags and so on, page numbers (API-FACTS 3, 5.3). */
export const contactListPath = (id: string, list: ContactList): string =>
  `/contacts/${encodeURIComponent(id)}/${list}`;

/** The schema of companies says `companies` where the example says `data`. */
const keyOf = (json: Json): 'data' | 'companies' => (Array.isArray(json.data) ? 'data' : 'companies');

export const isContactList = (json: unknown): json is Json => {
  const object = asObject(json);
  return Array.isArray(object[keyOf(object)]);
};

/** Objects of such a list, each as its own JSON. */
export const objectsOfContactList = (text: string, json: Json): readonly string[] =>
  sliceArray(text, keyOf(json));

import { asObject } from '../../lib/read-json.ts';

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

import { asObject } from '../../lib/read-json.ts';

/** GET /contacts, cursor list, at most 150 a page (API-FACTS 3.2). */
export const CONTACTS_PATH = '/contacts';
export const CONTACT_PAGE_SIZE = 150;

export interface ContactPage {
  readonly data: readonly unknown[];
  readonly pages?: unknown;
  readonly total_count?: number;
}

export const isContactPage = (json: unknown): json is ContactPage => Array.isArray(asObject(json).data);

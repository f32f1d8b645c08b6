import { asObject } from '../../lib/read-json.ts';

/** Largest page that Intercom gives (API-FACTS 3.2). */
export const CONVERSATION_PAGE_SIZE = 150;

/** Shape guard of GET /conversations/{id}: an object with the wanted id and its parts list. */
export const isConversationObject =
  (id: string) =>
  (json: unknown): json is Record<string, unknown> => {
    const object = asObject(json);
    const parts = object.conversation_parts;
    return String(object.id) === id && (parts === null || Array.isArray(asObject(parts).conversation_parts));
  };

/** Pages of conversations without their parts (API-FACTS 4.2, 5.1). */
export const CONVERSATION_SEARCH_PATH = '/conversations/search';
/** Key of the array in the answer (API-FACTS 3.1). */
export const CONVERSATIONS_KEY = 'conversations';

/** GET /conversations/{id}; the body stays HTML, plain text is derived here (API-FACTS 5.1). */
export const conversationPath = (id: string): string => `/conversations/${encodeURIComponent(id)}`;

/** GET /conversations/deleted, from version 2.16 on: what was deleted, newest first, by page number (API-FACTS 7.1). */
export const DELETED_PATH = '/conversations/deleted';
/** Largest page that Intercom gives (API-FACTS 3.2). */
export const DELETED_PAGE_SIZE = 60;

export interface DeletedPage {
  readonly conversations: readonly unknown[];
  readonly pages?: unknown;
}

/** A page without `pages` is a broken answer: what stands behind it would be lost for good (TRAPS T62). */
export const isDeletedPage = (json: unknown): json is DeletedPage => {
  const page = asObject(json);
  return Array.isArray(page.conversations) && page.pages !== undefined;
};

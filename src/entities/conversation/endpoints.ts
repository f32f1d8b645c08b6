import { asObject } from '../../lib/read-json.ts';

/** Largest page that Intercom gives (API-FACTS 3.2). */
export const CONVERSATION_PAGE_SIZE = 150;

export interface ConversationPage {
  readonly conversations: readonly unknown[];
  readonly pages?: unknown;
  readonly total_count?: number;
}

/** Shape guard of a search page: anything else is a broken answer, never an empty page (TRAPS T62). */
export const isConversationPage = (json: unknown): json is ConversationPage => {
  const page = asObject(json);
  return Array.isArray(page.conversations) && (page.type === undefined || typeof page.type === 'string');
};

/** Shape guard of GET /conversations/{id}: an object with the wanted id and its parts list. */
export const isConversationObject =
  (id: string) =>
  (json: unknown): json is Record<string, unknown> => {
    const object = asObject(json);
    const parts = object.conversation_parts;
    return String(object.id) === id && (parts === null || Array.isArray(asObject(parts).conversation_parts));
  };

export type ConversationTimeField = 'created_at' | 'updated_at';

export interface ConversationSearch {
  readonly field: ConversationTimeField;
  /** Inclusive bounds, Unix seconds. */
  readonly lower: number;
  readonly upper: number;
  readonly perPage: number;
  readonly startingAfter?: string;
}

/**
 * Body of POST /conversations/search for one window. Bounds are widened by one second each, because `>` and `<` may be
 * read as inclusive or exclusive (API-FACTS 4.2, TRAPS T04); the caller drops what lies outside.
 */
export const conversationSearchBody = (search: ConversationSearch) => ({
  query: {
    operator: 'AND',
    value: [
      { field: search.field, operator: '>', value: search.lower - 1 },
      { field: search.field, operator: '<', value: search.upper + 1 },
    ],
  },
  sort: { field: search.field, order: 'ascending' },
  pagination: {
    per_page: search.perPage,
    ...(search.startingAfter === undefined ? {} : { starting_after: search.startingAfter }),
  },
});

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

export const isDeletedPage = (json: unknown): json is DeletedPage =>
  Array.isArray(asObject(json).conversations);

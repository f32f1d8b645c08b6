import { asObject } from '../../lib/read-json.ts';

/** Largest page that Intercom gives (API-FACTS 3.2). */
export const CONVERSATION_PAGE_SIZE = 150;

export interface ConversationPage {
  readonly conversations: readonly unknown[];
  readonly pages?: unknown;
  readonly total_count?: number;
}

/**
 * Shape guard of a search page: anything else is a broken answer, never an empty page (TRAPS T62). `pages` is part of it:
 * without one a page that was cut short would look like the last.
 */
export const isConversationPage = (json: unknown): json is ConversationPage => {
  const page = asObject(json);
  const isNamed = page.type === undefined || typeof page.type === 'string';
  return Array.isArray(page.conversations) && page.pages !== undefined && isNamed;
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

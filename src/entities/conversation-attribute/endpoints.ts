/** GET /conversations/attributes gives all of them at once; since 2.16 (API-FACTS 5.7). */
export const CONVERSATION_ATTRIBUTES = {
  path: '/conversations/attributes',
  key: 'data',
  query: { include_archived: true },
} as const;

/** The same at 2.15 and before; from 2.16 on it is refused with 422 (API-FACTS 5.7, TRAPS T86). */
export const CONVERSATION_ATTRIBUTES_BEFORE_2_16 = {
  path: '/data_attributes',
  key: 'data',
  query: { model: 'conversation', include_archived: true },
} as const;

/**
 * GET /data_attributes without a model gives those of contacts and companies at once, at 2.15 and before those of
 * conversations, too (API-FACTS 5.7).
 */
export const DATA_ATTRIBUTES = {
  path: '/data_attributes',
  key: 'data',
  query: { include_archived: true },
} as const;

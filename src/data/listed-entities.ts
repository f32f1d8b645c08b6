/** Entities that one request lists completely, and the column that tells their objects apart (API-FACTS 3, 5.5). */
export const SMALL_TABLE_KEYS = {
  admins: 'id',
  teams: 'id',
  tags: 'id',
  segments: 'id',
  ticket_types: 'id',
  ticket_states: 'id',
  subscription_types: 'id',
  help_centers: 'id',
  brands: 'id',
  office_hours_schedules: 'id',
  data_attributes: 'object_key',
  conversation_attributes: 'object_key',
} as const;
export type SmallEntity = keyof typeof SMALL_TABLE_KEYS;

/** Entities that are listed page by page, always all of them (API-FACTS 5.6). */
export const PAGED_ENTITIES = ['articles', 'collections', 'internal_articles', 'macros'] as const;
export type PagedEntity = (typeof PAGED_ENTITIES)[number];

import { PAGED_ENTITIES, SMALL_TABLE_KEYS, type SmallEntity } from './listed-entities.ts';

/** What is mirrored, by the names of the API, in the order in which people are told. */
export const ENTITIES = [
  'conversations',
  'tickets',
  'contacts',
  'companies',
  ...PAGED_ENTITIES,
  ...(Object.keys(SMALL_TABLE_KEYS) as SmallEntity[]),
] as const;
export type EntityName = (typeof ENTITIES)[number];

/** Permission of the Developer Hub that lets an entity be read (API-FACTS 1.12, 5). */
export const SCOPES: Readonly<Record<EntityName, string>> = {
  conversations: 'Read conversations',
  tickets: 'Read tickets',
  contacts: 'Read and list users and companies',
  companies: 'Read and list users and companies',
  articles: 'Read and list articles',
  collections: 'Read and list articles',
  internal_articles: 'Read and list articles',
  macros: 'Read content data',
  admins: 'Read admins',
  teams: 'Read admins',
  tags: 'Read tags',
  segments: 'Read and list users and companies',
  ticket_types: 'Read tickets',
  ticket_states: 'Read tickets',
  subscription_types: 'Read and list users and companies',
  help_centers: 'Read and list articles',
  brands: 'Read admins',
  office_hours_schedules: 'Read admins',
  data_attributes: 'Read and list users and companies',
  conversation_attributes: 'Read conversations',
};

import { textOf } from '../text-of.ts';
import type { JsonObject } from '../world.ts';
import type { FieldType } from './operators.ts';

export interface SearchField {
  readonly type: FieldType;
  /** One value, or a list of which one has to fit. */
  readonly read: (item: JsonObject) => unknown;
}

const at = (item: JsonObject, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as JsonObject | null | undefined)?.[key], item);

/** `a.b` of a type, read from where it stands, or from `path`. */
const field = (name: string, type: FieldType, path = name): readonly [string, SearchField] => {
  const keys = path.split('.');
  return [name, { type, read: (item) => at(item, keys) }];
};

const fields = (prefix: string, type: FieldType, names: string) =>
  names.split(' ').map((name) => field(`${prefix}${name}`, type));

const idsIn = (item: JsonObject, ...path: readonly string[]): unknown[] =>
  ((at(item, path) ?? []) as JsonObject[]).map((each) => each.id);

const ids = (name: string, ...path: readonly string[]): readonly [string, SearchField] => [
  name,
  { type: 'string', read: (item) => idsIn(item, ...path) },
];

/** A body is searched word by word: two words never match (API-FACTS 4.10). */
const wordsOfBody = (item: JsonObject): readonly string[] =>
  textOf(at(item, ['source', 'body']))
    .replaceAll(/<[^>]*>/g, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** What POST /conversations/search accepts (API-FACTS 4.9), with Intercom's own slip `admin_d`. */
export const CONVERSATION_FIELDS: ReadonlyMap<string, SearchField> = new Map([
  ...fields('', 'string', 'id state priority'),
  ...fields('', 'boolean', 'open read ai_agent_participated'),
  ...fields('', 'integer', 'admin_assignee_id team_assignee_id'),
  ...fields('', 'date', 'created_at updated_at waiting_since snoozed_until'),
  field('channel_initiated', 'string', 'channel.initial'),
  ids('contact_ids', 'contacts', 'contacts'),
  ids('teammate_ids', 'teammates', 'teammates'),
  ids('tag_ids', 'tags', 'tags'),
  ...fields('source.', 'string', 'type id delivered_as subject url'),
  ...fields('source.author.', 'string', 'id type name email'),
  ['source.body', { type: 'string', read: wordsOfBody }] as const,
  ...fields(
    'statistics.',
    'integer',
    'time_to_assignment time_to_admin_reply time_to_first_close time_to_last_close median_time_to_reply ' +
      'count_reopens count_assignments count_conversation_parts',
  ),
  ...fields(
    'statistics.',
    'date',
    'first_contact_reply_at first_assignment_at first_admin_reply_at first_close_at last_assignment_at ' +
      'last_assignment_admin_reply_at last_contact_reply_at last_admin_reply_at last_close_at',
  ),
  field('statistics.last_closed_by_id', 'string'),
  field('conversation_rating.requested_at', 'date', 'conversation_rating.created_at'),
  field('conversation_rating.replied_at', 'date', 'conversation_rating.updated_at'),
  field('conversation_rating.score', 'integer', 'conversation_rating.rating'),
  field('conversation_rating.remark', 'string'),
  field('conversation_rating.contact_id', 'string', 'conversation_rating.contact.id'),
  field('conversation_rating.admin_d', 'string', 'conversation_rating.teammate.id'),
  ...fields(
    'ai_agent.',
    'string',
    'resolution_state last_answer_type rating_remark source_type source_title',
  ),
  field('ai_agent.rating', 'integer'),
]);

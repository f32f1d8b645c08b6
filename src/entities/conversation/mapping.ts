import { htmlToText } from '../../lib/text/html-to-text.ts';
import {
  asArray,
  asFilledText,
  asFlag,
  asId,
  asInteger,
  asTime,
  asObject,
  asText,
  type Json,
} from '../../lib/read-json.ts';
import type { ConversationColumns, ThreadPart } from './table.ts';

/** A conversation taken apart; the same for list items and for full objects. */
export interface MappedConversation {
  readonly columns: ConversationColumns;
  /** The opening message, and all parts of a full object. */
  readonly parts: readonly ThreadPart[];
  /** Parts that the object says exist, the opening message not counted. */
  readonly declaredParts: number;
  /** statistics.count_conversation_parts; the same count in listings and full objects. */
  readonly statParts: number | null;
  readonly contactIds: readonly string[];
  readonly tags: readonly { readonly id: string; readonly name: string | null }[];
  /** Ids of the parts whose text was taken back, the opening message among them (API-FACTS 7.6). */
  readonly redactedIds: readonly string[];
  /** The payload held `conversation_parts`: it is a full object, not a list item (API-FACTS 5.1). */
  readonly full: boolean;
  /** Times as the payload has them; null where they cannot be read (the columns have a substitute then). */
  readonly times: { readonly created_at: number | null; readonly updated_at: number | null };
}

const authorColumns = (value: unknown) => {
  const author = asObject(value);
  return {
    author_type: asFilledText(author.type),
    author_id: asId(author.id),
    author_name: asFilledText(author.name),
    author_email: asFilledText(author.email),
  };
};

/** Bodies are kept in the payload; here only their plain text. An empty text counts as none. */
const bodyText = (...bodies: readonly unknown[]): string | null => {
  const text = bodies
    .map((body) => asText(body))
    .filter((body) => body !== null && body !== '')
    .map((body) => htmlToText(body as string))
    .filter((body) => body !== '')
    .join('\n');
  return text === '' ? null : text;
};

const attached = (part: Json): { readonly attachments?: number } => {
  const attachments = asArray(part.attachments).length;
  return attachments === 0 ? {} : { attachments };
};

/** The opening message stands in `source` only and is not repeated in the parts (API-FACTS 6.2). */
const openingPart = (source: Json, createdAt: number): ThreadPart => ({
  position: 0,
  id: asId(source.id) ?? 'source',
  part_type: 'source',
  ...authorColumns(source.author),
  created_at: createdAt,
  text: bodyText(source.subject, source.body),
  ...attached(source),
});

const partColumns = (value: unknown, position: number, fallbackTime: number): ThreadPart => {
  const part = asObject(value);
  return {
    position,
    id: asId(part.id) ?? `position-${position}`,
    part_type: asFilledText(part.part_type) ?? 'unknown',
    ...authorColumns(part.author),
    created_at: asTime(part.created_at) ?? fallbackTime,
    text: bodyText(part.body),
    ...attached(part),
  };
};

/** Words of versions up to 2.15 and 2.14, as later ones have them (API-FACTS 6.1, 6.7); `abandoned` has no successor. */
const PRIORITIES: Readonly<Record<string, string>> = { priority: 'high', not_priority: 'none' };
const RESOLUTIONS: Readonly<Record<string, string>> = { routed_to_team: 'escalated' };

const inNewWords = (value: unknown, words: Readonly<Record<string, string>>): string | null => {
  const text = asFilledText(value);
  return text !== null && Object.hasOwn(words, text) ? (words[text] ?? text) : text;
};

/** Stored as given: a duration is not the difference of its times (API-FACTS 6.4). */
const statisticsColumns = (statistics: Json) => ({
  time_to_assignment: asInteger(statistics.time_to_assignment),
  time_to_last_close: asInteger(statistics.time_to_last_close),
  median_time_to_reply: asInteger(statistics.median_time_to_reply),
  handling_time: asInteger(statistics.handling_time),
  adjusted_handling_time: asInteger(statistics.adjusted_handling_time),
  first_contact_reply_at: asTime(statistics.first_contact_reply_at),
  first_assignment_at: asTime(statistics.first_assignment_at),
  first_admin_reply_at: asTime(statistics.first_admin_reply_at),
  first_close_at: asTime(statistics.first_close_at),
  last_assignment_at: asTime(statistics.last_assignment_at),
  last_assignment_admin_reply_at: asTime(statistics.last_assignment_admin_reply_at),
  last_contact_reply_at: asTime(statistics.last_contact_reply_at),
  last_admin_reply_at: asTime(statistics.last_admin_reply_at),
  last_closed_by_id: asId(statistics.last_closed_by_id),
  count_assignments: asInteger(statistics.count_assignments),
  count_conversation_parts: asInteger(statistics.count_conversation_parts),
});

/**
 * A conversation object (list item or full) → rows. Every field may be missing or null (TRAPS T31).
 * @returns undefined when the object has no usable id.
 */
export const mapConversation = (payload: unknown): MappedConversation | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  const times = { created_at: asTime(object.created_at), updated_at: asTime(object.updated_at) };
  const createdAt = times.created_at ?? times.updated_at ?? 0;
  const source = asObject(object.source);
  const partList = asObject(object.conversation_parts);
  const full = Array.isArray(partList.conversation_parts);
  const stored = asArray(partList.conversation_parts);
  const parts = [
    openingPart(source, createdAt),
    ...stored.map((part, index) => partColumns(part, index + 1, createdAt)),
  ];
  const statistics = asObject(object.statistics);
  const statParts = asInteger(statistics.count_conversation_parts);
  const declared = asInteger(partList.total_count) ?? statParts ?? stored.length;
  const rating = asObject(object.conversation_rating);
  const sla = asObject(object.sla_applied);
  const agent = asObject(object.ai_agent);
  const author = authorColumns(source.author);
  return {
    full,
    parts,
    declaredParts: Math.max(declared, stored.length),
    statParts,
    times,
    redactedIds: parts.flatMap(({ id: partId }, index) =>
      asObject(index === 0 ? source : stored[index - 1]).redacted === true ? [partId] : [],
    ),
    contactIds: asArray(asObject(object.contacts).contacts).flatMap(
      (contact) => asId(asObject(contact).id) ?? [],
    ),
    tags: asArray(asObject(object.tags).tags).flatMap((tag) => {
      const tagId = asId(asObject(tag).id);
      return tagId === null ? [] : [{ id: tagId, name: asFilledText(asObject(tag).name) }];
    }),
    columns: {
      id,
      title: asFilledText(object.title),
      state: asFilledText(object.state),
      open: asFlag(object.open),
      read: asFlag(object.read),
      priority: inNewWords(object.priority, PRIORITIES),
      created_at: createdAt,
      updated_at: times.updated_at ?? createdAt,
      waiting_since: asTime(object.waiting_since),
      snoozed_until: asTime(object.snoozed_until),
      closed_at: asTime(statistics.last_close_at),
      source_type: asFilledText(source.type),
      source_delivered_as: asFilledText(source.delivered_as),
      source_author_type: author.author_type,
      source_author_id: author.author_id,
      source_author_name: author.author_name,
      source_author_email: author.author_email,
      admin_assignee_id: asId(object.admin_assignee_id),
      team_assignee_id: asId(object.team_assignee_id),
      company_id: asId(asObject(object.company).id),
      rating: asInteger(rating.rating),
      rating_remark: asFilledText(rating.remark),
      sla_name: asFilledText(sla.sla_name),
      sla_status: asFilledText(sla.sla_status),
      ai_agent_participated: asFlag(object.ai_agent_participated),
      ai_agent_resolution_state: inNewWords(agent.resolution_state, RESOLUTIONS),
      time_to_admin_reply: asInteger(statistics.time_to_admin_reply),
      time_to_first_close: asInteger(statistics.time_to_first_close),
      count_reopens: asInteger(statistics.count_reopens),
      ...statisticsColumns(statistics),
      rating_created_at: asTime(rating.created_at),
      rating_updated_at: asTime(rating.updated_at),
      rating_teammate_id: asId(asObject(rating.teammate).id),
      ai_agent_source_type: asFilledText(agent.source_type),
      ai_agent_last_answer_type: asFilledText(agent.last_answer_type),
      ai_agent_rating: asInteger(agent.rating),
    },
  };
};

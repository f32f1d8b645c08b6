import { htmlToText } from '../../lib/text/html-to-text.ts';
import {
  asArray,
  asFilledText,
  asFlag,
  asId,
  asInteger,
  asObject,
  asText,
  type Json,
} from '../../lib/read-json.ts';
import type { ConversationTable, ThreadPart } from './table.ts';

type Derived = 'workspace_id' | 'doc_id' | 'hydrated' | 'hydrated_updated_at' | 'fetched_at' | 'deleted_at';
/** A conversation's columns that come from its payload alone. */
export type ConversationColumns = Omit<ConversationTable, Derived>;

/** A conversation taken apart into rows; the same for list items and for full objects. */
export interface MappedConversation {
  readonly columns: ConversationColumns;
  readonly parts: readonly ThreadPart[];
  readonly contactIds: readonly string[];
  readonly tags: readonly { readonly id: string; readonly name: string | null }[];
  /** The payload held `conversation_parts`: it is a full object, not a list item (API-FACTS 5.1). */
  readonly full: boolean;
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

/** The opening message stands in `source` only and is not repeated in the parts (API-FACTS 6.2). */
const openingPart = (source: Json, createdAt: number): ThreadPart => ({
  position: 0,
  id: asId(source.id) ?? 'source',
  part_type: 'source',
  ...authorColumns(source.author),
  created_at: createdAt,
  text: bodyText(source.subject, source.body),
});

const partColumns = (value: unknown, position: number, fallbackTime: number): ThreadPart => {
  const part = asObject(value);
  return {
    position,
    id: asId(part.id) ?? `position-${position}`,
    part_type: asFilledText(part.part_type) ?? 'unknown',
    ...authorColumns(part.author),
    created_at: asInteger(part.created_at) ?? fallbackTime,
    text: bodyText(part.body),
  };
};

const newestMessageTime = (parts: readonly ThreadPart[]): number | null =>
  parts.reduce<number | null>(
    (newest, part) =>
      part.text === null || (newest !== null && newest >= part.created_at) ? newest : part.created_at,
    null,
  );

/**
 * A conversation object (list item or full) → rows. Every field may be missing or null (TRAPS T31).
 * @returns undefined when the object has no usable id.
 */
export const mapConversation = (payload: unknown): MappedConversation | undefined => {
  const object = asObject(payload);
  const id = asId(object.id);
  if (id === null) return undefined;
  const createdAt = asInteger(object.created_at) ?? 0;
  const source = asObject(object.source);
  const partList = asObject(object.conversation_parts);
  const full = Array.isArray(partList.conversation_parts);
  const stored = asArray(partList.conversation_parts);
  const parts = [
    openingPart(source, createdAt),
    ...stored.map((part, index) => partColumns(part, index + 1, createdAt)),
  ];
  const statistics = asObject(object.statistics);
  const declared =
    asInteger(partList.total_count) ?? asInteger(statistics.count_conversation_parts) ?? stored.length;
  const rating = asObject(object.conversation_rating);
  const sla = asObject(object.sla_applied);
  const author = authorColumns(source.author);
  return {
    full,
    parts,
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
      priority: asFilledText(object.priority),
      created_at: createdAt,
      updated_at: asInteger(object.updated_at) ?? createdAt,
      waiting_since: asInteger(object.waiting_since),
      snoozed_until: asInteger(object.snoozed_until),
      closed_at: asInteger(statistics.last_close_at),
      message_at: newestMessageTime(parts),
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
      ai_agent_resolution_state: asFilledText(asObject(object.ai_agent).resolution_state),
      time_to_admin_reply: asInteger(statistics.time_to_admin_reply),
      time_to_first_close: asInteger(statistics.time_to_first_close),
      count_reopens: asInteger(statistics.count_reopens),
      part_count: Math.max(declared, stored.length),
      parts_truncated: full && declared > stored.length && stored.length >= 500 ? 1 : 0,
    },
  };
};

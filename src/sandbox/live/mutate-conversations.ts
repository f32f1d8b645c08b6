import { ApiError } from '../errors.ts';
import { textOf } from '../text-of.ts';
import type { JsonObject, JsonValue } from '../world.ts';
import type { Quality } from '../world/quality.ts';
import { appendPart, countPart, type Reply } from './append-part.ts';
import { bump, editIn, removeFrom, type Tell } from './editing.ts';
import { type LiveWorld, partsOf } from './live-world.ts';

export interface ConversationMutations {
  /** A new conversation, of now; with another `created_at` it is an import (API-FACTS 5.1). @returns its id */
  addConversation(fields?: JsonObject): string;
  /** A message at the end. A customer's answer opens what was closed. @returns the id of the part */
  reply(id: string, message: Reply): string;
  /** So many messages at the end, a second apart (TRAPS T25). @returns the ids of their parts */
  addParts(id: string, count: number, message?: Partial<Reply>): string[];
  /** Moves updated_at alone. */
  touch(id: string): void;
  /** Changes fields; `bumps: false` leaves updated_at alone, as late ratings may do (TRAPS T40). */
  set(id: string, fields: JsonObject, bumps?: boolean): void;
  /** Changes fields of a part, or of the opening message by its id. */
  setPart(id: string, partId: string, fields: JsonObject, bumps?: boolean): void;
  delete(id: string, metricsRetained?: boolean): void;
  /** Blots out a part, or the opening message by its id (API-FACTS 7.6). */
  redact(id: string, partId: string): void;
  setTags(id: string, tags: readonly { readonly id: string; readonly name: string }[]): void;
  /** What QA finds in it from now on; the conversation itself does not change. */
  setQuality(id: string, found: Partial<Quality>): void;
}

const REDACTED = '<p><i>This message was deleted</i></p>';

/** A part, or the opening message. @throws ApiError 404 */
const messageIn = (item: JsonObject, partId: string): JsonObject => {
  const found = [item.source as JsonObject, ...partsOf(item)].find(
    (candidate) => textOf(candidate.id) === textOf(partId),
  );
  if (found === undefined) throw new ApiError(404, 'not_found', 'Part not found');
  return found;
};

/** A ticket's description repeats the opening message: what is blotted out there is blotted out here. */
const redactDescription = ({ ticket }: JsonObject, body: JsonValue | undefined): void => {
  const attributes = (ticket as JsonObject | null)?.ticket_attributes as JsonObject | undefined;
  if (attributes !== undefined && attributes._default_description_ === body)
    attributes._default_description_ = REDACTED;
};

/** Topic of a reply, by its author and kind (API-FACTS 8.1). */
const topicOf = (part: JsonObject): string => {
  const { type } = part.author as JsonObject;
  if (type === 'bot') return 'conversation.operator.replied';
  if (type !== 'admin') return 'conversation.user.replied';
  const kinds: Readonly<Record<string, string>> = { note: 'noted', close: 'closed', assignment: 'assigned' };
  return `conversation.admin.${kinds[textOf(part.part_type)] ?? 'replied'}`;
};

/** A notification carries the part that it is about, and no other (API-FACTS 8.2). */
export const withPart = (item: JsonObject, part?: JsonObject): JsonObject => ({
  ...item,
  conversation_parts: {
    type: 'conversation_part.list',
    conversation_parts: part === undefined ? [] : [part],
    total_count: part === undefined ? 0 : 1,
  },
});

/** What a change of fields is told as; most changes are not told. */
const topicsOfFields = (fields: JsonObject): string[] =>
  [
    'priority' in fields ? 'conversation.priority.updated' : '',
    'conversation_rating' in fields ? 'conversation.rating.added' : '',
    'read' in fields ? 'conversation.read' : '',
    fields.state === 'closed' ? 'conversation.admin.closed' : '',
    fields.state === 'open' ? 'conversation.admin.opened' : '',
    fields.state === 'snoozed' ? 'conversation.admin.snoozed' : '',
  ].filter(Boolean);

export const conversationMutations = (live: LiveWorld, tell: Tell): ConversationMutations => {
  const { conversations } = live;
  const edit = (id: string, change: (item: JsonObject) => void): JsonObject =>
    editIn(conversations, 'Conversation', id, change);
  const lastPart = (item: JsonObject): JsonObject => partsOf(item).at(-1) ?? {};

  return {
    addConversation(fields = {}) {
      const now = live.now();
      const id = conversations.add(now, (item) => {
        for (const part of partsOf(item))
          Object.assign(part, { created_at: now, updated_at: now, notified_at: now });
        Object.assign(item, { updated_at: now, statistics: null, ticket: null }, fields);
      });
      tell('conversation.user.created', withPart(conversations.get(id) ?? {}));
      return id;
    },
    reply(id, message) {
      const item = edit(id, (each) => {
        appendPart(live, each, message, bump(live, each));
      });
      tell(topicOf(lastPart(item)), withPart(item, lastPart(item)));
      return textOf(lastPart(item).id);
    },
    addParts(id, count, message = {}) {
      const ids: string[] = [];
      const item = edit(id, (each) => {
        const first = bump(live, each);
        for (let number = 0; number < count; number += 1) {
          const body = `<p>Part ${number + 1} of ${count}</p>`;
          ids.push(appendPart(live, each, { author: 'bot', body, ...message }, first));
        }
      });
      tell(topicOf(lastPart(item)), withPart(item, lastPart(item)));
      return ids;
    },
    touch: (id) => {
      edit(id, (item) => bump(live, item));
    },
    set(id, fields, bumps = true) {
      const item = edit(id, (each) => {
        Object.assign(each, fields);
        if (bumps) bump(live, each);
      });
      for (const topic of topicsOfFields(fields)) tell(topic, withPart(item));
    },
    setPart(id, partId, fields, bumps = true) {
      edit(id, (item) => {
        Object.assign(messageIn(item, partId), fields);
        if (bumps) bump(live, item);
        countPart(item);
      });
    },
    delete(id, metricsRetained = false) {
      removeFrom(conversations, 'Conversation', id);
      live.deletions.push({ id, metrics_retained: metricsRetained, deleted_at: live.now() });
      tell('conversation.deleted', { type: 'conversation', id });
    },
    redact(id, partId) {
      let target: JsonObject = {};
      const item = edit(id, (each) => {
        target = messageIn(each, partId);
        redactDescription(each, target.body);
        Object.assign(target, { body: REDACTED, attachments: [], redacted: true });
        const time = bump(live, each);
        if (target !== each.source) target.updated_at = time;
      });
      tell('conversation_part.redacted', withPart(item, target));
    },
    setTags(id, tags) {
      const item = edit(id, (each) => {
        each.tags = { type: 'tag.list', tags: tags.map((tag) => ({ type: 'tag', ...tag })) };
        bump(live, each);
      });
      tell('conversation_part.tag.created', withPart(item));
    },
    setQuality(id, found) {
      const conversation = conversations.get(id);
      if (conversation === undefined)
        throw new ApiError(404, 'conversation_not_found', 'Conversation not found');
      live.changedQuality.set(id, { ...live.quality(conversation), ...found });
    },
  };
};

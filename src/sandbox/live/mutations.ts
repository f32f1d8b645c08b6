import { ApiError } from '../errors.ts';
import { textOf } from '../text-of.ts';
import type { JsonObject } from '../world.ts';
import { type LiveWorld, partsOf } from './live-world.ts';

/** What can happen while the sandbox runs; from another process through `POST /__sandbox/mutate`. Times in Unix seconds. */
export interface Mutations {
  /** A new conversation, of now; with another `created_at` it is an import (API-FACTS 5.1). @returns its id */
  addConversation(fields?: JsonObject): string;
  /** A message at the end. A customer's answer opens what was closed. @returns the id of the part */
  reply(id: string, message: Reply): string;
  /** Moves updated_at alone. */
  touch(id: string): void;
  /** Changes fields; `bump: false` leaves updated_at alone, as late ratings may do (TRAPS T40). */
  set(id: string, fields: JsonObject, bump?: boolean): void;
  delete(id: string, metricsRetained?: boolean): void;
  /** Blots out a part, or the opening message by its id (API-FACTS 7.6). */
  redact(id: string, partId: string): void;
  setTags(id: string, tags: readonly { readonly id: string; readonly name: string }[]): void;
  addContact(fields?: JsonObject): string;
  updateContact(id: string, fields: JsonObject): void;
  deleteContact(id: string): void;
  /** `from` answers with 410 from now on (API-FACTS 7.3). */
  mergeContact(from: string, into: string): void;
}

export interface Reply {
  readonly body: string;
  readonly author?: 'customer' | 'admin' | 'bot';
  /** Default: comment, or open where a customer answers something closed. */
  readonly part_type?: string;
}

const REDACTED = '<p><i>This message was deleted</i></p>';

const missing = (kind: string): ApiError => new ApiError(404, 'not_found', `${kind} not found`);

const count = (statistics: JsonObject, field: string, by: number): void => {
  statistics[field] = Number(statistics[field] ?? 0) + by;
};

/** Adds to the numbers that a new part moves; `statistics` may be null. */
const recount = (item: JsonObject, author: string, reopens: boolean, time: number): void => {
  const statistics = item.statistics as JsonObject | null;
  if (statistics === null) return;
  count(statistics, 'count_conversation_parts', 1);
  count(statistics, 'count_reopens', reopens ? 1 : 0);
  if (author === 'customer') statistics.last_contact_reply_at = time;
  if (author !== 'admin') return;
  statistics.first_admin_reply_at ??= time;
  statistics.last_admin_reply_at = time;
};

export const createMutations = (live: LiveWorld): Mutations => {
  const { conversations, contacts } = live;
  const bump = (item: JsonObject): number => {
    const time = Math.max(live.now(), Number(item.updated_at) + 1);
    item.updated_at = time;
    return time;
  };
  const editConversation = (id: string, change: (item: JsonObject) => void): void => {
    if (!conversations.edit(id, change)) throw missing('Conversation');
  };
  const editContact = (id: string, change: (item: JsonObject) => void): void => {
    if (!contacts.edit(id, change)) throw missing('Contact');
  };
  const authorOf = (item: JsonObject, author: string): JsonObject => {
    const admin = live.lists.admins[0] ?? {};
    if (author === 'admin')
      return { type: 'admin', id: admin.id ?? '', name: admin.name ?? '', email: admin.email ?? '' };
    if (author === 'bot')
      return { type: 'bot', id: '99901', name: 'Fin', email: 'operator+sandbox@example.com' };
    const first = (item.contacts as { contacts: JsonObject[] }).contacts[0];
    const contact = contacts.get(textOf(first?.id)) ?? {};
    return {
      type: contact.role ?? 'user',
      id: first?.id ?? '',
      name: contact.name ?? null,
      email: contact.email ?? '',
    };
  };
  const append = (item: JsonObject, message: Reply): string => {
    const author = message.author ?? 'customer';
    const reopens = author === 'customer' && item.state !== 'open';
    const time = bump(item);
    if (reopens) Object.assign(item, { state: 'open', open: true, snoozed_until: null });
    const id = live.newPartId();
    partsOf(item).push({
      type: 'conversation_part',
      id,
      part_type: message.part_type ?? (reopens ? 'open' : 'comment'),
      body: message.body,
      created_at: time,
      updated_at: time,
      notified_at: time,
      assigned_to: null,
      author: authorOf(item, author),
      attachments: [],
      external_id: null,
      redacted: false,
      state: item.state ?? 'open',
    });
    (item.conversation_parts as JsonObject).total_count = partsOf(item).length;
    recount(item, author, reopens, time);
    return id;
  };

  return {
    addConversation(fields = {}) {
      const now = live.now();
      return conversations.add(now, (item) => {
        for (const part of partsOf(item))
          Object.assign(part, { created_at: now, updated_at: now, notified_at: now });
        Object.assign(item, { updated_at: now, statistics: null }, fields);
      });
    },
    reply(id, message) {
      let partId = '';
      editConversation(id, (item) => {
        partId = append(item, message);
      });
      return partId;
    },
    touch: (id) => editConversation(id, bump),
    set: (id, fields, bumps = true) =>
      editConversation(id, (item) => {
        Object.assign(item, fields);
        if (bumps) bump(item);
      }),
    delete(id, metricsRetained = false) {
      if (!conversations.remove(id)) throw missing('Conversation');
      live.deletions.push({ id, metrics_retained: metricsRetained, deleted_at: live.now() });
    },
    redact: (id, partId) =>
      editConversation(id, (item) => {
        const source = item.source as JsonObject;
        const target = [source, ...partsOf(item)].find(
          (candidate) => textOf(candidate.id) === textOf(partId),
        );
        if (target === undefined) throw missing('Part');
        Object.assign(target, { body: REDACTED, attachments: [], redacted: true });
        const time = bump(item);
        if (target !== source) target.updated_at = time;
      }),
    setTags: (id, tags) =>
      editConversation(id, (item) => {
        item.tags = { type: 'tag.list', tags: tags.map((tag) => ({ type: 'tag', ...tag })) };
        bump(item);
      }),
    addContact: (fields = {}) => contacts.add(live.now(), (item) => Object.assign(item, fields)),
    updateContact: (id, fields) =>
      editContact(id, (item) => {
        Object.assign(item, fields);
        if (fields.updated_at === undefined) bump(item);
      }),
    deleteContact(id) {
      if (!contacts.remove(id)) throw missing('Contact');
    },
    mergeContact(from, into) {
      const role = textOf(contacts.get(from)?.role);
      editContact(into, bump);
      if (!contacts.remove(from)) throw missing('Contact');
      live.merges.set(from, into);
      live.mergeLog.push({ from, into, role, at: live.now() });
    },
  };
};

import { textOf } from '../text-of.ts';
import type { JsonObject } from '../world.ts';
import { type LiveWorld, partsOf } from './live-world.ts';

export interface Reply {
  /** null for a part that only tells of something. */
  readonly body: string | null;
  /** Or an author object, as the part shall carry it. */
  readonly author?: 'customer' | 'admin' | 'bot' | JsonObject;
  /** Default: comment, or open where a customer answers something closed. */
  readonly part_type?: string;
  /** Further fields of the part. */
  readonly fields?: JsonObject;
}

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

const authorOf = (live: LiveWorld, item: JsonObject, author: string): JsonObject => {
  const admin = live.lists.admins[0] ?? {};
  if (author === 'admin')
    return { type: 'admin', id: admin.id ?? '', name: admin.name ?? '', email: admin.email ?? '' };
  if (author === 'bot')
    return { type: 'bot', id: '99901', name: 'Fin', email: 'operator+sandbox@example.com' };
  const first = (item.contacts as { contacts: JsonObject[] }).contacts[0];
  const contact = live.contacts.get(textOf(first?.id)) ?? {};
  return {
    type: contact.role ?? 'user',
    id: first?.id ?? '',
    name: contact.name ?? null,
    email: contact.email ?? '',
  };
};

/** Writes how many parts there are. */
export const countPart = (item: JsonObject): void => {
  (item.conversation_parts as JsonObject).total_count = partsOf(item).length;
};

/** A part at the end of a conversation, and what it does to the conversation. @returns its id */
export const appendPart = (live: LiveWorld, item: JsonObject, message: Reply, time: number): string => {
  const author = message.author ?? 'customer';
  const role = typeof author === 'string' ? author : '';
  const reopens = role === 'customer' && item.state !== 'open';
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
    author: typeof author === 'string' ? authorOf(live, item, author) : author,
    attachments: [],
    external_id: null,
    redacted: false,
    state: item.state ?? 'open',
    ...message.fields,
  });
  countPart(item);
  recount(item, role, reopens, time);
  return id;
};

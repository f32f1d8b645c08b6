import { ApiError } from './errors.ts';
import type { JsonObject, World } from './world.ts';

/** The newest parts that Intercom gives (API-FACTS 5.1). */
const MAX_PARTS = 500;

const clone = (value: JsonObject): JsonObject => structuredClone(value);
const partsOf = (conversation: JsonObject): JsonObject[] =>
  (conversation.conversation_parts as { conversation_parts: JsonObject[] }).conversation_parts;

/** What an index of conversations is sorted by. */
export type TimeField = 'created_at' | 'updated_at';

export interface LiveWorld {
  readonly world: World;
  conversation(id: string): JsonObject | undefined;
  /** As GET shows it: at most 500 parts, the newest, with the true count. */
  shown(id: string): JsonObject | undefined;
  /** Ids in the order of a time field, then of the id; rebuilt after a change. */
  sorted(field: TimeField): { readonly ids: readonly string[]; readonly times: Float64Array };
  contacts(): readonly string[];
  contact(id: string): JsonObject | undefined;
  deleted(): readonly { readonly id: string; readonly deleted_at: number }[];
  readonly mutate: Mutations;
}

export interface Mutations {
  /** A copy of an existing conversation under a new id, created now. */
  addConversation(): string;
  reply(id: string, message: { readonly body: string; readonly author?: 'customer' | 'admin' | 'bot' }): void;
  touch(id: string): void;
  /** Changes fields; `bump: false` leaves updated_at alone (API-FACTS 5.1). */
  set(id: string, fields: JsonObject, bump?: boolean): void;
  delete(id: string): void;
  redact(id: string, partId: string): void;
  setTags(id: string, tags: readonly { readonly id: string; readonly name: string }[]): void;
  updateContact(id: string, fields: JsonObject): void;
}

/** The world with what changed since the start laid over it. `now` is Unix seconds. */
export const createLiveWorld = (world: World, now: () => number): LiveWorld => {
  const changed = new Map<string, JsonObject>();
  const added: string[] = [];
  const gone = new Map<string, number>();
  const contacts = new Map<string, JsonObject>();
  const indexes = new Map<TimeField, { ids: string[]; times: Float64Array }>();
  let copies = 0;

  const conversation = (id: string): JsonObject | undefined => {
    if (gone.has(id)) return undefined;
    const known = changed.get(id);
    if (known) return known;
    const index = world.conversationIndex(id);
    return index === undefined ? undefined : world.conversation(index);
  };
  const edit = (id: string): JsonObject => {
    const found = conversation(id);
    if (found === undefined) throw new ApiError(404, 'conversation_not_found', 'Conversation not found');
    const copy = changed.get(id) ?? clone(found);
    changed.set(id, copy);
    indexes.clear();
    return copy;
  };
  const bump = (item: JsonObject): void => {
    item.updated_at = Math.max(now(), Number(item.updated_at) + 1);
  };

  const build = (field: TimeField) => {
    const entries: { id: string; time: number; order: number }[] = [];
    for (let index = 0; index < world.conversationCount; index += 1) {
      const meta = world.conversationMeta(index);
      if (gone.has(meta.id)) continue;
      const edited = changed.get(meta.id);
      entries.push({ id: meta.id, time: Number(edited?.[field] ?? meta[field]), order: index });
    }
    for (const [position, id] of added.entries()) {
      const item = changed.get(id);
      if (item && !gone.has(id))
        entries.push({ id, time: Number(item[field]), order: world.conversationCount + position });
    }
    entries.sort((a, b) => a.time - b.time || a.order - b.order);
    return {
      ids: entries.map((entry) => entry.id),
      times: Float64Array.from(entries, (entry) => entry.time),
    };
  };

  const mutate: Mutations = {
    addConversation() {
      const model = world.conversation(copies % world.conversationCount);
      const id = String(900_000_000_000_000 + (copies += 1));
      const time = now();
      const copy = clone({ ...model, id, created_at: time, updated_at: time });
      for (const [position, item] of partsOf(copy).entries())
        Object.assign(item, { id: `${id.slice(-6)}${position}`, created_at: time, updated_at: time });
      changed.set(id, copy);
      added.push(id);
      indexes.clear();
      return id;
    },
    reply(id, message) {
      const item = edit(id);
      bump(item);
      const author = {
        customer: (item.source as JsonObject).author as JsonObject,
        admin: { type: 'admin', id: '5017000', name: 'Teammate', email: 'teammate1@example.com' },
        bot: { type: 'bot', id: '99901', name: 'Fin', email: 'operator+sandbox@example.com' },
      }[message.author ?? 'customer'];
      const parts = partsOf(item);
      const time = Number(item.updated_at);
      parts.push({
        type: 'conversation_part',
        id: `8${id.slice(-8)}${parts.length}`,
        part_type: 'comment',
        body: message.body,
        created_at: time,
        updated_at: time,
        notified_at: time,
        assigned_to: null,
        author,
        attachments: [],
        external_id: null,
        redacted: false,
      });
      (item.conversation_parts as JsonObject).total_count = parts.length;
    },
    touch: (id) => bump(edit(id)),
    set(id, fields, bumps = true) {
      const item = edit(id);
      Object.assign(item, fields);
      if (bumps) bump(item);
    },
    delete(id) {
      edit(id);
      gone.set(id, now());
    },
    redact(id, partId) {
      const item = edit(id);
      const target =
        partsOf(item).find((candidate) => candidate.id === partId) ?? (item.source as JsonObject);
      Object.assign(target, { body: '<p><i>This message was deleted</i></p>', redacted: true });
      bump(item);
    },
    setTags(id, tags) {
      const item = edit(id);
      item.tags = { type: 'tag.list', tags: tags.map((tag) => ({ type: 'tag', ...tag })) };
      bump(item);
    },
    updateContact(id, fields) {
      const index = world.contactIndex(id);
      if (index === undefined) throw new ApiError(404, 'not_found', 'Contact not found');
      contacts.set(id, { ...(contacts.get(id) ?? world.contact(index)), ...fields, updated_at: now() });
    },
  };

  return {
    world,
    conversation,
    shown(id) {
      const found = conversation(id);
      if (found === undefined) return undefined;
      const parts = partsOf(found);
      if (parts.length <= MAX_PARTS) return found;
      return {
        ...found,
        conversation_parts: {
          type: 'conversation_part.list',
          conversation_parts: parts.slice(-MAX_PARTS),
          total_count: parts.length,
        },
      };
    },
    sorted(field) {
      const known = indexes.get(field) ?? build(field);
      indexes.set(field, known);
      return known;
    },
    contacts: () => Array.from({ length: world.contactCount }, (_, index) => String(world.contact(index).id)),
    contact(id) {
      const index = world.contactIndex(id);
      return contacts.get(id) ?? (index === undefined ? undefined : world.contact(index));
    },
    deleted: () =>
      [...gone]
        .map(([id, deletedAt]) => ({ id, deleted_at: deletedAt }))
        .sort((a, b) => b.deleted_at - a.deleted_at),
    mutate,
  };
};

import { asFilledText, asId, asObject, asTime } from '../../lib/read-json.ts';

/** An object to fetch again; the notification itself is believed no more than that. */
export interface WokenObject {
  readonly entity: 'conversations' | 'contacts' | 'companies' | 'tickets' | 'articles';
  readonly id: string;
}

export interface Notification {
  readonly id: string | null;
  readonly topic: string;
  /** Workspace that it is about. */
  readonly appId: string | null;
  /** When Intercom made it, Unix seconds. */
  readonly createdAt: number | null;
  readonly objects: readonly WokenObject[];
}

/** Intercom's words for what is mirrored, as they begin topics and stand in `type`. */
const ENTITIES: Readonly<Record<string, WokenObject['entity']>> = {
  conversation: 'conversations',
  contact: 'contacts',
  user: 'contacts',
  lead: 'contacts',
  company: 'companies',
  ticket: 'tickets',
  article: 'articles',
};

const entityOf = (word: unknown): WokenObject['entity'] | undefined =>
  typeof word === 'string' && Object.hasOwn(ENTITIES, word) ? ENTITIES[word] : undefined;

/** Every kind of id that Intercom has, with room; nothing else is put into a path or the database. */
const ID = /^[\w-]{1,100}$/;

const object = (entity: WokenObject['entity'] | undefined, value: unknown): WokenObject[] => {
  const id = asId(value);
  return entity === undefined || id === null || !ID.test(id) ? [] : [{ entity, id }];
};

/**
 * What an item is about. Most are the object itself; some nest it (`ticket.closed` under `ticket`, tags under `contact`;
 * API-FACTS 8.2), and a part names its conversation. A contact names the one that was merged into it (7.3).
 */
const objectsOf = (topic: string, item: Readonly<Record<string, unknown>>): readonly WokenObject[] => {
  const merged = object('contacts', asObject(item.merged_from).id);
  const itself = object(entityOf(item.type), item.id);
  if (itself.length > 0) return [...itself, ...merged];
  const nested = Object.keys(ENTITIES).flatMap((word) => object(entityOf(word), asObject(item[word]).id));
  const named = object('conversations', item.conversation_id);
  if (nested.length + named.length > 0) return [...nested, ...named];
  return [...object(entityOf(topic.split('.')[0]), item.id), ...merged];
};

/** A ticket is a conversation, too, with the same id (API-FACTS 5.2). */
const withConversations = (objects: readonly WokenObject[]): readonly WokenObject[] =>
  objects.flatMap((woken) =>
    woken.entity === 'tickets' ? [woken, { entity: 'conversations' as const, id: woken.id }] : [woken],
  );

/** A notification (API-FACTS 8.2); undefined where the body is none. A topic that is not known has no objects. */
export const readNotification = (body: Uint8Array): Notification | undefined => {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
  const envelope = asObject(json);
  const topic = asFilledText(envelope.topic);
  if (topic === null) return undefined;
  return {
    id: asId(envelope.id),
    topic,
    appId: asId(envelope.app_id),
    createdAt: asTime(envelope.created_at) ?? asTime(envelope.first_sent_at),
    objects: withConversations(objectsOf(topic, asObject(asObject(envelope.data).item))),
  };
};

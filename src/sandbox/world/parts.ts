import type { JsonObject } from '../world.ts';

/** Conversations whose index leaves this rest number their parts with integers (API-FACTS 6.8, 6.15). */
const INTEGER_IDS_EVERY = 50;
const INTEGER_IDS_REST = 7;

export interface PartFacts {
  readonly id: string;
  readonly type: string;
  readonly body: string | null;
  readonly author: JsonObject;
  /** Unix seconds. */
  readonly at: number;
  readonly state: string;
  /** Fields that are not at their usual empty value. */
  readonly more?: JsonObject;
}

/** A conversation part as GET /conversations/{id} shows it (API-FACTS 6.8). */
export const partOf = ({ id, type, body, author, at, state, more = {} }: PartFacts): JsonObject => ({
  type: 'conversation_part',
  id,
  part_type: type,
  body,
  created_at: at,
  updated_at: at,
  notified_at: at,
  assigned_to: null,
  author,
  attachments: [],
  external_id: null,
  redacted: false,
  email_message_metadata: null,
  metadata: null,
  state,
  tags: [],
  event_details: null,
  app_package_code: null,
  ...more,
});

/** Both types of part ids occur; which one is a property of the conversation. */
export const hasIntegerPartIds = (conversation: number): boolean =>
  conversation % INTEGER_IDS_EVERY === INTEGER_IDS_REST;

export const partListOf = (parts: readonly JsonObject[]): JsonObject => ({
  type: 'conversation_part.list',
  conversation_parts: [...parts],
  total_count: parts.length,
});

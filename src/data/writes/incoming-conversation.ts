import type {
  ConversationColumns,
  MappedEvaluations,
  ThreadPart,
} from '../../entities/conversation/table.ts';
import type { PackedObject } from '../payload-codec.ts';
import type { AttributeValue } from '../../lib/custom-attributes.ts';

/** A conversation taken apart by the sync layer, with the JSON it came from. */
export interface IncomingConversation {
  readonly columns: ConversationColumns;
  /** The opening message, and all parts of a full object. */
  readonly parts: readonly ThreadPart[];
  /** Parts that the object says exist, the opening message not counted. */
  readonly declaredParts: number;
  /** statistics.count_conversation_parts. */
  readonly statParts: number | null;
  /** Ids of the parts whose text was taken back. */
  readonly redactedIds: readonly string[];
  readonly contactIds: readonly string[];
  readonly tags: readonly { readonly id: string; readonly name: string | null }[];
  readonly attributes: readonly AttributeValue[];
  /** What QA found, where a listing was asked for it. */
  readonly evaluations?: MappedEvaluations;
  /** The object's JSON, character for character, without `evaluations`. */
  readonly payload: PackedObject;
  /** It is the object of GET /conversations/{id}, not a list item. */
  readonly full: boolean;
}

/** A full object from GET /conversations/{id}. */
export type IncomingThread = IncomingConversation & {
  /** Server time of the answer, Unix seconds. */
  readonly fetchedAt: number;
  /** When to try again if this answer is not good enough, Unix ms. */
  readonly retryAt: number;
};

/** Intercom gives at most the newest 500 parts (API-FACTS 5.1). */
const MAX_PARTS_GIVEN = 500;

const givenParts = (thread: IncomingConversation): number => thread.parts.length - 1;

/** The answer holds fewer parts than exist. */
export const isPartial = (thread: IncomingConversation): boolean => givenParts(thread) < thread.declaredParts;

/** Fewer parts than exist, and not because of Intercom's cap: the rest may come with another answer (TRAPS T31). */
export const isShort = (thread: IncomingConversation): boolean =>
  isPartial(thread) && givenParts(thread) < MAX_PARTS_GIVEN;

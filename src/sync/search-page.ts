import type { IncomingConversation } from '../data/writes/incoming-conversation.ts';
import {
  type ConversationSearch,
  conversationSearchBody,
  isConversationPage,
} from '../entities/conversation/endpoints.ts';
import { type MappedConversation, mapConversation } from '../entities/conversation/mapping.ts';
import type { IntercomClient } from '../intercom/client.ts';
import { sliceArray } from '../lib/json/slice-json.ts';
import { SMALLEST_PAGE } from './page-size.ts';

/** With the times as the payload has them; null where they cannot be read. */
export type ListedConversation = IncomingConversation & Pick<MappedConversation, 'times'>;

export interface SearchPage {
  readonly conversations: readonly ListedConversation[];
  /** Items that cannot be read at all. */
  readonly unusable: number;
  readonly pages: unknown;
  readonly total: number | null;
  readonly serverTime: number;
}

/** A payload and what it maps to, as the storage takes it; undefined without an id. */
export const toIncoming = (payload: string, parsed: unknown): ListedConversation | undefined => {
  const mapped = mapConversation(parsed);
  return mapped === undefined ? undefined : { ...mapped, payload };
};

/** A large page that is slow twice is slow because of its size: the caller asks for a smaller one. */
const MAX_TIMEOUTS = 2;

/** One page of POST /conversations/search; each item with its own JSON, character for character. */
export const fetchSearchPage = async (
  client: IntercomClient,
  search: ConversationSearch,
  signal: AbortSignal,
): Promise<SearchPage> => {
  const { data, text, serverTime } = await client.request('POST', '/conversations/search', {
    body: conversationSearchBody(search),
    expect: isConversationPage,
    ...(search.perPage > SMALLEST_PAGE ? { maxTimeouts: MAX_TIMEOUTS } : {}),
    signal,
  });
  const payloads = sliceArray(text, 'conversations');
  const conversations = payloads.flatMap(
    (payload, index) => toIncoming(payload, data.conversations[index]) ?? [],
  );
  return {
    // Bounds are sent one second wider than meant (see conversationSearchBody); the surplus belongs to other windows.
    // What has no time that could be read belongs to the window that it was listed in.
    conversations: conversations.filter(({ times }) => {
      const time = times[search.field];
      return time === null || (time >= search.lower && time <= search.upper);
    }),
    unusable: payloads.length - conversations.length,
    pages: data.pages,
    total: typeof data.total_count === 'number' ? data.total_count : null,
    serverTime,
  };
};

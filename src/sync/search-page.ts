import type { IncomingConversation } from '../data/writes/incoming-conversation.ts';
import {
  type ConversationSearch,
  conversationSearchBody,
  isConversationPage,
} from '../entities/conversation/endpoints.ts';
import { mapConversation } from '../entities/conversation/mapping.ts';
import type { IntercomClient } from '../intercom/client.ts';
import { sliceArray } from '../lib/json/slice-json.ts';

export interface SearchPage {
  readonly conversations: readonly IncomingConversation[];
  /** Items without a usable id. */
  readonly unusable: number;
  readonly pages: unknown;
  readonly total: number | null;
  readonly serverTime: number;
}

/** A payload and what it maps to, as the storage takes it; undefined without an id. */
export const toIncoming = (payload: string, parsed: unknown): IncomingConversation | undefined => {
  const mapped = mapConversation(parsed);
  return mapped === undefined ? undefined : { ...mapped, payload };
};

/** One page of POST /conversations/search; each item with its own JSON, character for character. */
export const fetchSearchPage = async (
  client: IntercomClient,
  search: ConversationSearch,
  signal: AbortSignal,
): Promise<SearchPage> => {
  const { data, text, serverTime } = await client.request('POST', '/conversations/search', {
    body: conversationSearchBody(search),
    expect: isConversationPage,
    signal,
  });
  const payloads = sliceArray(text, 'conversations');
  const conversations = payloads.flatMap(
    (payload, index) => toIncoming(payload, data.conversations[index]) ?? [],
  );
  return {
    // Bounds are sent one second wider than meant (see conversationSearchBody); the surplus belongs to other windows.
    conversations: conversations.filter(({ columns }) => {
      const time = columns[search.field];
      return time >= search.lower && time <= search.upper;
    }),
    unusable: payloads.length - conversations.length,
    pages: data.pages,
    total: typeof data.total_count === 'number' ? data.total_count : null,
    serverTime,
  };
};

import { z } from 'zod';
import { type Aliases, defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  asIdText,
  cursorParameter,
  DEFAULT_MAX_TOKENS,
  limitParameter,
  maxTokensParameter,
  METADATA,
  PAGINATION,
  ROWS,
} from '../parameters.ts';
import { conversationUri } from '../resources/conversation-uri.ts';
import { presentConversation } from '../present/present-conversation.ts';

const input = z.object({
  id: z
    .string('must be a conversation id or its address in Intercom')
    .min(1, 'must not be empty')
    .max(500, 'is too long')
    .describe('Conversation id, `conversation_…`, or its address in Intercom.'),
  include_events: z
    .boolean('must be true or false')
    .optional()
    .describe('Also events without text (assignments, attribute changes); default false.'),
  limit: limitParameter(100).optional(),
  cursor: cursorParameter.optional(),
  max_tokens: maxTokensParameter.optional(),
});

const aliases: Aliases = {
  id: (value) => ({ id: asIdText(value) }),
  conversation_id: (value) => ({ id: asIdText(value) }),
  per_page: (value) => ({ limit: value }),
  starting_after: (value) => ({ cursor: value }),
};

/** One conversation with its transcript. */
export const getConversation = defineTool({
  name: 'get_conversation',
  title: 'Read a conversation',
  description:
    'Reads one conversation from the local mirror: who, state, tags, and the transcript with the opening message first, as plain text. Long transcripts come in pages: continue with next_cursor. Use search_conversations to find ids.',
  annotations: READS_MIRROR,
  input,
  aliases,
  output: answerSchema(
    { conversation: { type: 'object' }, parts: ROWS, pagination: PAGINATION, metadata: METADATA },
    ['conversation', 'parts', 'pagination', 'metadata'],
  ),
  async run(query, args, call) {
    const { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...rest } = args;
    const found = await query.getConversation(rest, call);
    const answer = presentConversation(found, maxTokens);
    const { next_cursor: cursor } = answer.data.pagination as { readonly next_cursor: string | null };
    if (cursor === null) return answer;
    const [first = ''] = await query.listWorkspaces(call);
    const uri = conversationUri(found.metadata.workspace ?? first, found.conversation.id);
    const name = `conversation ${found.conversation.id}`;
    return { ...answer, links: [{ type: 'resource_link', uri, name, mimeType: 'text/plain' }] };
  },
});

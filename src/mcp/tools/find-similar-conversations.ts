import { z } from 'zod';
import { type Aliases, defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  asIdText,
  DEFAULT_MAX_TOKENS,
  fieldParameter,
  limitParameter,
  maxTokensParameter,
  METADATA,
  PAGINATION,
  ROWS,
  SUMMARY,
  textParameter,
} from '../parameters.ts';
import { presentSimilar } from '../present/present-similar.ts';

const aliases: Aliases = {
  id: (value) => ({ id: asIdText(value) }),
  conversation_id: (value) => ({ id: asIdText(value) }),
  per_page: (value) => ({ limit: value }),
};

/** Conversations like one. */
export const findSimilarConversations = defineTool({
  name: 'find_similar_conversations',
  title: 'Similar conversations',
  description: 'Finds conversations about the same as a given one, by its telling terms, which are named.',
  annotations: READS_MIRROR,
  input: z.object({
    id: textParameter(500, 'must be a conversation id or its address in Intercom').describe(
      'Its id or address.',
    ),
    timeframe: textParameter(200, 'must be text such as "last 7 days"')
      .optional()
      .describe('"last 7 days", ...'),
    state: fieldParameter('open, closed, snoozed.'),
    limit: limitParameter(20).optional(),
    max_tokens: maxTokensParameter.optional(),
  }),
  aliases,
  output: answerSchema({ summary: SUMMARY, results: ROWS, pagination: PAGINATION, metadata: METADATA }, [
    'summary',
    'results',
    'pagination',
    'metadata',
  ]),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentSimilar(await query.findSimilarConversations(input, call), maxTokens);
  },
});

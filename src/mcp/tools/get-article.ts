import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  asIdText,
  cursorParameter,
  DEFAULT_MAX_TOKENS,
  maxTokensParameter,
  METADATA,
  PAGINATION,
  textParameter,
} from '../parameters.ts';
import { presentArticle } from '../present/present-article.ts';

/** An article with its text. */
export const getArticle = defineTool({
  name: 'get_article',
  title: 'Get article',
  description: 'Reads one article with its whole text, in pages that fit max_tokens; internal articles, too.',
  annotations: READS_MIRROR,
  input: z.object({
    id: textParameter(500, 'must be an id').describe('Id or address.'),
    cursor: cursorParameter.optional(),
    max_tokens: maxTokensParameter.optional(),
  }),
  aliases: { id: (value) => ({ id: asIdText(value) }), article_id: (value) => ({ id: asIdText(value) }) },
  output: answerSchema({ record: { type: 'object' }, pagination: PAGINATION, metadata: METADATA }, [
    'record',
    'pagination',
    'metadata',
  ]),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentArticle(await query.getArticle(input, call), maxTokens);
  },
});

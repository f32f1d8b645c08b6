import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import { answerSchema, DEFAULT_MAX_TOKENS, maxTokensParameter, METADATA, ROWS } from '../parameters.ts';
import { presentArticlesList } from '../present/present-articles-list.ts';

const whole = (most: number) => {
  const words = `must be a whole number from 1 to ${most}`;
  return z.int(words).min(1, words).max(most, words);
};

/** The list of articles of Intercom's own server (COMPETITORS B1). */
export const listArticles = defineTool({
  name: 'list_articles',
  title: 'List articles',
  description:
    'Lists the articles of the help center page by page, the last changed first, in the form of Intercom’s own server.',
  annotations: READS_MIRROR,
  input: z.object({
    page: whole(1_000_000).optional().describe('Number of the page; default 1.'),
    per_page: whole(150).optional().describe('Articles a page; default 25.'),
  }),
  unlisted: z.object({ max_tokens: maxTokensParameter.optional() }),
  output: answerSchema(
    {
      data: ROWS,
      total_count: { type: 'number' },
      pages: { type: 'object' },
      metadata: METADATA,
    },
    ['data', 'total_count', 'pages', 'metadata'],
  ),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentArticlesList(await query.listArticles(input, call), Number(maxTokens));
  },
});

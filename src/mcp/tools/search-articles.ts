import { z } from 'zod';
import type { SearchArticlesInput } from '../../query/records/record-types.ts';
import { defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  cursorParameter,
  DEFAULT_MAX_TOKENS,
  idText,
  limitParameter,
  maxTokensParameter,
  METADATA,
  PAGINATION,
  ROWS,
  SUMMARY,
  textParameter,
} from '../parameters.ts';
import { presentRecords } from '../present/present-records.ts';

const text = (description: string) => textParameter(500).optional().describe(description);

/** Articles by words. */
export const searchArticles = defineTool({
  name: 'search_articles',
  title: 'Search articles',
  description:
    'Finds help center articles, or internal ones, by words of title and text in all languages, the best first. get_article reads one.',
  annotations: READS_MIRROR,
  input: z.object({
    query: text('Words, pieces of them too.'),
    state: text('published or draft.'),
    internal: z.boolean('must be true or false').optional().describe('Internal articles only.'),
    limit: limitParameter(20).optional(),
    cursor: cursorParameter.optional(),
    max_tokens: maxTokensParameter.optional(),
  }),
  unlisted: z.object({
    ids: z.array(idText, 'must be a list of ids').max(1_000, 'must have at most 1000 ids').optional(),
    start_date: textParameter(60).optional(),
    end_date: textParameter(60).optional(),
    time_zone: textParameter(80).optional(),
    timeframe: textParameter(200).optional(),
  }),
  aliases: {
    per_page: (value) => ({ limit: value }),
    starting_after: (value) => ({ cursor: value }),
    phrase: (value) => ({ query: value }),
    // Snippets of Intercom's own; ours has none.
    highlight: () => ({}),
  },
  output: answerSchema({ summary: SUMMARY, results: ROWS, pagination: PAGINATION, metadata: METADATA }, [
    'summary',
    'results',
    'pagination',
    'metadata',
  ]),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...args }, call) {
    return presentRecords(
      await query.searchArticles(args as SearchArticlesInput, call),
      ['article', 'articles'],
      maxTokens,
    );
  },
});

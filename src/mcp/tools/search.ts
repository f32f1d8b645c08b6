import { z } from 'zod';
import type { ConnectorSearchInput } from '../../query/connector-types.ts';
import { type Aliases, defineTool, READS_MIRROR } from '../define.ts';
import { conversationSearch, intercomParameters, queryAlias } from '../intercom/parameters.ts';
import {
  answerSchema,
  cursorParameter,
  DEFAULT_MAX_TOKENS,
  limitParameter,
  maxTokensParameter,
  METADATA,
  ROWS,
  textParameter,
} from '../parameters.ts';
import { presentConnectorSearch } from '../present/present-connector.ts';

/** What Intercom's own server takes here (COMPETITORS B1), and how its pages go on. */
const unlisted = z.object({
  limit: limitParameter(10).optional(),
  cursor: cursorParameter.optional(),
  max_tokens: maxTokensParameter.optional(),
  ...intercomParameters.shape,
});
const aliases: Aliases = {
  per_page: (value) => ({ limit: value }),
  starting_after: (value) => ({ cursor: value }),
  ...queryAlias,
};

/** The search of ChatGPT's connectors and deep research: one text in, ids, titles and addresses out. */
export const search = defineTool({
  name: 'search',
  title: 'Search',
  description: 'Finds conversations for ChatGPT connectors and deep research: ids, titles and addresses.',
  annotations: READS_MIRROR,
  input: z.object({
    query: textParameter(10_000).meta({ description: 'Words to look for.', listedAs: 'string' }),
  }),
  unlisted,
  aliases,
  // Summary and pagination come, too; they are not listed, as a connector does not read them.
  output: answerSchema({ results: ROWS, metadata: METADATA }, ['results', 'metadata']),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    const asked = conversationSearch(input) as ConnectorSearchInput;
    return presentConnectorSearch(await query.searchConnector(asked, call), Number(maxTokens));
  },
});

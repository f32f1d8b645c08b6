import { z } from 'zod';
import { type Aliases, defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  asIdText,
  DEFAULT_MAX_TOKENS,
  maxTokensParameter,
  METADATA,
  textParameter,
} from '../parameters.ts';
import { presentConnectorDocument } from '../present/present-connector.ts';

const text = { type: 'string' };
const aliases: Aliases = { id: (value) => ({ id: asIdText(value) }) };

/** The fetch of ChatGPT's connectors and deep research: one id in, the document out. */
export const fetchTool = defineTool({
  name: 'fetch',
  title: 'Fetch',
  description: 'Reads what search found, for ChatGPT connectors and deep research; says what it cut.',
  annotations: READS_MIRROR,
  input: z.object({
    id: textParameter(500, 'must be an id').meta({ description: 'Id or address.', listedAs: 'string' }),
  }),
  unlisted: z.object({ max_tokens: maxTokensParameter.optional() }),
  aliases,
  // Title and address are there, too, unlisted: connectors know them.
  output: answerSchema({ id: text, text, metadata: METADATA }, ['id', 'text', 'metadata']),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentConnectorDocument(await query.fetchConnector(input, call), Number(maxTokens));
  },
});

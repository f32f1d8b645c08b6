import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  DEFAULT_MAX_TOKENS,
  maxTokensParameter,
  METADATA,
  ROWS,
  SUMMARY,
  textParameter,
} from '../parameters.ts';
import { presentWorkspace } from '../present/present-workspace.ts';

/** What conversations can be filtered by, with the names that this workspace has. */
export const describeWorkspace = defineTool({
  name: 'describe_workspace',
  title: 'Describe workspace',
  description:
    'Lists what conversations can be filtered by here: teams, teammates, tags, channels, ratings, SLAs, AI-agent states, custom attributes, each with its values and how many conversations have them. Use it before filtering by a name.',
  annotations: READS_MIRROR,
  input: z.object({
    field: textParameter(300)
      .optional()
      .describe('One field only, with more values: tag, team, assignee, attr.plan, ...'),
    limit: z
      .int('must be a whole number from 1 to 1000')
      .min(1, 'must be from 1 to 1000')
      .max(1_000, 'must be from 1 to 1000')
      .optional()
      .describe('Values a field; default 10, or 100 of a named field.'),
    max_tokens: maxTokensParameter.optional(),
  }),
  output: answerSchema(
    { workspace: { type: 'object' }, summary: SUMMARY, results: ROWS, metadata: METADATA },
    ['workspace', 'summary', 'results', 'metadata'],
  ),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentWorkspace(await query.describeWorkspace(input, call), maxTokens);
  },
});

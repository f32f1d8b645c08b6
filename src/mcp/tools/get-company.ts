import { z } from 'zod';
import { defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  asIdText,
  DEFAULT_MAX_TOKENS,
  maxTokensParameter,
  METADATA,
  textParameter,
} from '../parameters.ts';
import { presentRecord } from '../present/present-record.ts';

/** All about a company. */
export const getCompany = defineTool({
  name: 'get_company',
  title: 'Get company',
  description:
    'Tells all about one company: fields, attributes, its contacts, and its conversations in numbers with the newest.',
  annotations: READS_MIRROR,
  input: z.object({
    id: textParameter(500, 'must be an id').describe('Id, own id or name.'),
    max_tokens: maxTokensParameter.optional(),
  }),
  aliases: { id: (value) => ({ id: asIdText(value) }), company_id: (value) => ({ id: asIdText(value) }) },
  output: answerSchema({ record: { type: 'object' }, metadata: METADATA }, ['record', 'metadata']),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentRecord(await query.getCompany(input, call), 'Company', maxTokens);
  },
});

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

/** All about a contact. */
export const getContact = defineTool({
  name: 'get_contact',
  title: 'Get contact',
  description:
    'Tells all about one contact: fields, attributes, tags, segments, companies, notes, and its conversations in numbers with the newest.',
  annotations: READS_MIRROR,
  input: z.object({
    id: textParameter(500, 'must be an id').describe('Id, external id, e-mail or address.'),
    max_tokens: maxTokensParameter.optional(),
  }),
  aliases: { id: (value) => ({ id: asIdText(value) }), contact_id: (value) => ({ id: asIdText(value) }) },
  output: answerSchema({ record: { type: 'object' }, metadata: METADATA }, ['record', 'metadata']),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentRecord(await query.getContact(input, call), 'Contact', maxTokens);
  },
});

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

/** A ticket with its messages. */
export const getTicket = defineTool({
  name: 'get_ticket',
  title: 'Get ticket',
  description: 'Reads one ticket: type, state, attributes, contacts, assignee and all of its messages.',
  annotations: READS_MIRROR,
  input: z.object({
    id: textParameter(500, 'must be an id').describe('Id, number or address.'),
    max_tokens: maxTokensParameter.optional(),
  }),
  aliases: { id: (value) => ({ id: asIdText(value) }), ticket_id: (value) => ({ id: asIdText(value) }) },
  output: answerSchema({ record: { type: 'object' }, metadata: METADATA }, ['record', 'metadata']),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...input }, call) {
    return presentRecord(await query.getTicket(input, call), 'Ticket', maxTokens);
  },
});

import { z } from 'zod';
import type { SearchTicketsInput } from '../../query/records/record-types.ts';
import { defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  cursorParameter,
  DEFAULT_MAX_TOKENS,
  fieldsParameter,
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

/** Tickets by words and filters. */
export const searchTickets = defineTool({
  name: 'search_tickets',
  title: 'Search tickets',
  description:
    'Finds tickets by words of title and description, and by filters, newest first; total_results is exact. get_ticket reads one.',
  annotations: READS_MIRROR,
  input: z.object({
    query: text('Words, pieces of them too.'),
    state: text('submitted, in_progress, waiting_on_customer, resolved.'),
    type: text('Name or id of its type.'),
    category: text('Customer, Back-office, Tracker.'),
    contact: text('Id, external id or e-mail.'),
    team: text('Id or name.'),
    assignee: text('Id or name.'),
    timeframe: text('Of created_at: "last 30 days", ...'),
    limit: limitParameter(20).optional(),
    cursor: cursorParameter.optional(),
    max_tokens: maxTokensParameter.optional(),
  }),
  unlisted: z.object({
    ids: z.array(idText, 'must be a list of ids').max(1_000, 'must have at most 1000 ids').optional(),
    start_date: textParameter(60).optional(),
    end_date: textParameter(60).optional(),
    time_zone: textParameter(80).optional(),
    open: z.boolean('must be true or false').optional(),
    attributes: fieldsParameter('Attributes of the ticket by name.'),
  }),
  aliases: {
    per_page: (value) => ({ limit: value }),
    starting_after: (value) => ({ cursor: value }),
  },
  output: answerSchema({ summary: SUMMARY, results: ROWS, pagination: PAGINATION, metadata: METADATA }, [
    'summary',
    'results',
    'pagination',
    'metadata',
  ]),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...args }, call) {
    return presentRecords(
      await query.searchTickets(args as SearchTicketsInput, call),
      ['ticket', 'tickets'],
      maxTokens,
    );
  },
});

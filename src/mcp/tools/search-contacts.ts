import { z } from 'zod';
import type { SearchContactsInput } from '../../query/records/record-types.ts';
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

/** Contacts by words and filters. */
export const searchContacts = defineTool({
  name: 'search_contacts',
  title: 'Search contacts',
  description:
    'Finds contacts (users and leads) by name, e-mail, domain, phone or id, and by filters, newest first; total_results is exact. get_contact tells all about one.',
  annotations: READS_MIRROR,
  input: z.object({
    query: text('Words, pieces of them too: acme.com.'),
    role: text('user or lead.'),
    company: text('Id or name.'),
    tag: text('Id or name.'),
    segment: text('Id or name.'),
    attributes: fieldsParameter('Custom attributes by name.'),
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
    email: textParameter(500).optional(),
    email_domain: textParameter(500).optional(),
    name: textParameter(500).optional(),
    phone: textParameter(100).optional(),
    external_id: idText.optional(),
  }),
  aliases: {
    per_page: (value) => ({ limit: value }),
    starting_after: (value) => ({ cursor: value }),
    custom_attributes: (value) => ({ attributes: value }),
  },
  output: answerSchema({ summary: SUMMARY, results: ROWS, pagination: PAGINATION, metadata: METADATA }, [
    'summary',
    'results',
    'pagination',
    'metadata',
  ]),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...args }, call) {
    return presentRecords(
      await query.searchContacts(args as SearchContactsInput, call),
      ['contact', 'contacts'],
      maxTokens,
    );
  },
});

import { z } from 'zod';
import type { ListCompaniesInput } from '../../query/records/record-types.ts';
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

/** Companies by words and filters. */
export const listCompanies = defineTool({
  name: 'list_companies',
  title: 'List companies',
  description:
    'Lists companies by words of name, site, industry or plan, newest first; total_results is exact. get_company tells all about one.',
  annotations: READS_MIRROR,
  input: z.object({
    query: text('Words, pieces of them too.'),
    plan: text('Name of a plan.'),
    attributes: fieldsParameter('Custom attributes by name.'),
    limit: limitParameter(20).optional(),
    cursor: cursorParameter.optional(),
    max_tokens: maxTokensParameter.optional(),
  }),
  unlisted: z.object({
    ids: z.array(idText, 'must be a list of ids').max(1_000, 'must have at most 1000 ids').optional(),
    start_date: textParameter(60).optional(),
    end_date: textParameter(60).optional(),
    time_zone: textParameter(80).optional(),
    name: textParameter(500).optional(),
    company_id: idText.optional(),
    industry: textParameter(500).optional(),
    timeframe: textParameter(200).optional(),
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
      await query.listCompanies(args as ListCompaniesInput, call),
      ['company', 'companies'],
      maxTokens,
    );
  },
});

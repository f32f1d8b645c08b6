import { z } from 'zod';
import type { FindTrendsInput } from '../../query/trend-types.ts';
import { defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  DEFAULT_MAX_TOKENS,
  fieldParameter,
  fieldsParameter,
  maxTokensParameter,
  METADATA,
  PAGINATION,
  ROWS,
  SUMMARY,
  textParameter,
} from '../parameters.ts';
import { timeFrameAlias } from '../time-frame-alias.ts';
import { presentTrends } from '../present/present-trends.ts';

const input = z.object({
  query: textParameter(10_000).optional().describe('As in search_conversations.'),
  timeframe: textParameter(200, 'must be text such as "last 7 days"')
    .optional()
    .describe('Default "last 7 days".'),
  baseline: textParameter(200, 'must be text such as "28 days"')
    .optional()
    .describe('"previous", "8 weeks", a time frame; default 28 days or more.'),
  limit: z
    .int('must be a whole number from 1 to 50')
    .min(1, 'must be from 1 to 50')
    .max(50, 'must be from 1 to 50')
    .describe('Rows; default 10.')
    .optional(),
  max_tokens: maxTokensParameter.optional(),
});

/** Filters of search_conversations: the query has fields for all of them, so they are not listed again. */
const FIELDS = [
  'state',
  'tag',
  'team',
  'assignee',
  'contact',
  'company',
  'priority',
  'channel',
  'csat',
  'fin',
  'sla',
  'reopened',
  'has',
  'from',
] as const;

const date = textParameter(60, 'must be a date such as "2026-09-14"').optional();

const unlisted = z.object({
  ...Object.fromEntries(FIELDS.map((name) => [name, fieldParameter('As in search_conversations.')])),
  attributes: fieldsParameter('As in search_conversations.'),
  start_date: date,
  end_date: date,
  time_zone: textParameter(80).optional(),
});

/** What rose or fell. */
export const findTrends = defineTool({
  name: 'find_trends',
  title: 'Find trends',
  description:
    'Finds which words, tags, custom attributes, teams and channels rose or fell against a baseline, with counts, strength, first day, examples. For what is new or changed, and incidents. No row: nothing beyond chance.',
  annotations: READS_MIRROR,
  input,
  unlisted,
  aliases: { timeframe: timeFrameAlias },
  output: answerSchema({ summary: SUMMARY, results: ROWS, pagination: PAGINATION, metadata: METADATA }, [
    'summary',
    'results',
    'pagination',
    'metadata',
  ]),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...args }, call) {
    return presentTrends(await query.findTrends(args as FindTrendsInput, call), maxTokens);
  },
});

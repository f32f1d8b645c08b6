import { z } from 'zod';
import type { AnalyzeInput } from '../../query/analytics-types.ts';
import { defineTool, READS_MIRROR } from '../define.ts';
import {
  answerSchema,
  cursorParameter,
  DEFAULT_MAX_TOKENS,
  fieldParameter,
  fieldsParameter,
  limitParameter,
  maxTokensParameter,
  METADATA,
  PAGINATION,
  ROWS,
  SUMMARY,
  textParameter,
} from '../parameters.ts';
import { presentAnalysis } from '../present/present-analysis.ts';

/** Names as a text with commas, or as a list. */
const names = (description: string) =>
  z
    .union(
      [textParameter(1_000), z.array(textParameter(200)).max(20)],
      'must be text such as "created, csat", or a list of such',
    )
    .meta({ description, listedAs: 'string' })
    .optional();

const input = z.object({
  metrics: names(
    'Such as created, closed, open_backlog, unanswered, first_response_time, time_to_close, replies, csat, sla_hit_rate, fin_resolution_rate, contacts.',
  ),
  group_by: names(
    'One or two of hour, weekday, day, week, month, team, teammate, tag, channel, state, priority, company, rating, sla, fin, language, attr.NAME.',
  ),
  query: textParameter(10_000)
    .optional()
    .describe(
      'Which conversations, as in search_conversations: words (all must occur) and fields like team:billing.',
    ),
  timeframe: textParameter(200, 'must be text such as "last 7 days"')
    .optional()
    .describe('Such as "last 7 days", "this month", "2026-09"; default all of history.'),
  start_date: textParameter(60, 'must be a date such as "2026-09-14"')
    .optional()
    .describe('First day, ISO 8601.'),
  end_date: textParameter(60, 'must be a date such as "2026-09-14"')
    .optional()
    .describe('Last day, ISO 8601.'),
  compare: z
    .boolean('must be true or false')
    .optional()
    .describe('Also the same number of days before the time frame.'),
  limit: limitParameter(50).optional(),
  cursor: cursorParameter.optional(),
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

const unlisted = z.object({
  ...Object.fromEntries(FIELDS.map((name) => [name, fieldParameter('As in search_conversations.')])),
  attributes: fieldsParameter('As in search_conversations.'),
  time_field: z
    .enum(
      ['created_at', 'updated_at', 'closed_at', 'message_at'],
      'must be created_at, updated_at, closed_at or message_at',
    )
    .optional(),
  time_zone: textParameter(80).optional(),
  recontact_days: z.int('must be a whole number from 1 to 365').optional(),
});

const asList = (value: unknown): readonly string[] | undefined =>
  value === undefined ? undefined : Array.isArray(value) ? value.map(String) : [String(value)];

/** Exact numbers over the whole history. */
export const analyzeConversations = defineTool({
  name: 'analyze_conversations',
  title: 'Analyze conversations',
  description:
    'Counts and measures conversations exactly, over all history: volumes, backlog, response and closing times (median, p90, mean), CSAT, SLA, Fin, re-contact, by up to two dimensions and any filter. Use it for how many, how fast, how good; search_conversations shows the conversations themselves. Each number comes with its n and what was excluded; definitions stand in the answer.',
  annotations: READS_MIRROR,
  input,
  unlisted,
  aliases: { dimensions: (value) => ({ group_by: value }), metric: (value) => ({ metrics: value }) },
  output: answerSchema(
    {
      summary: SUMMARY,
      results: ROWS,
      totals: { type: 'object' },
      pagination: PAGINATION,
      metadata: METADATA,
    },
    ['summary', 'results', 'totals', 'pagination', 'metadata'],
  ),
  async run(query, { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...args }, call) {
    const { group_by, metrics, ...others } = args;
    const asked = { ...others, metrics: asList(metrics), group_by: asList(group_by) } as AnalyzeInput;
    return presentAnalysis(await query.analyzeConversations(asked, call), maxTokens);
  },
});

import { z } from 'zod';
import type { SearchInput } from '../../query/types.ts';
import { type Aliases, defineTool, READS_MIRROR } from '../define.ts';
import { conversationSearch, intercomParameters, queryAlias } from '../intercom/parameters.ts';
import {
  answerSchema,
  cursorParameter,
  DEFAULT_MAX_TOKENS,
  fieldParameter,
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
import { timeFrameAlias } from '../time-frame-alias.ts';
import { presentSearch } from '../present/present-search.ts';

const input = z.object({
  query: textParameter(10_000)
    .optional()
    .describe(
      'Words, "phrases", -not, OR, prefix*, and the fields below, like csat:<=2 tag:"billing" attr.plan:pro from:customer after:2026-09-01.',
    ),
  state: fieldParameter('open, closed, snoozed.'),
  tag: fieldParameter('Name or id, or none.'),
  team: fieldParameter('Name or id, or none.'),
  assignee: fieldParameter('Teammate: name, e-mail or id, or none.'),
  contact: fieldParameter('Customer: e-mail, id or external id.'),
  company: fieldParameter('Name or id, or none.'),
  priority: fieldParameter('none, low, medium, high, urgent.'),
  channel: fieldParameter('email, conversation, whatsapp, ...'),
  csat: fieldParameter('Rating: 1 to 5, <=2, any, none.'),
  fin: fieldParameter('AI agent: involved, none, resolved, unresolved, handoff, escalated, ...'),
  sla: fieldParameter('hit, missed, active, cancelled, none, or name.'),
  reopened: fieldParameter('true, false, >=2.'),
  has: fieldParameter('attachment, note, rating, remark, tag.'),
  attributes: fieldsParameter('Custom attributes: {"plan": "pro", "seats": ">10"}.'),
  from: fieldParameter('Whose messages count for words: customer, team, bot, note.'),
  timeframe: textParameter(200, 'must be text such as "last 7 days"')
    .optional()
    .describe('"last 7 days", "yesterday", "this month", "2026-09", "2026-09-01..2026-09-15".'),
  start_date: textParameter(60, 'must be a date such as "2026-09-14"')
    .optional()
    .describe('First day or time, ISO 8601.'),
  end_date: textParameter(60, 'must be a date such as "2026-09-14"')
    .optional()
    .describe('Last day (whole) or time (exclusive), ISO 8601.'),
  time_field: z
    .enum(
      ['created_at', 'updated_at', 'closed_at', 'message_at'],
      'must be created_at, updated_at, closed_at or message_at',
    )
    .optional()
    .describe('What the time means; default created_at.'),
  time_zone: textParameter(80).optional().describe('Zone that days are counted in; default the workspace’s.'),
  sort: z
    .enum(['relevance', 'newest', 'oldest'], 'must be relevance, newest or oldest')
    .optional()
    .describe('Default relevance with a query, newest without.'),
  limit: limitParameter(20).optional(),
  cursor: cursorParameter.optional(),
  max_tokens: maxTokensParameter.optional(),
});

/** Filters of Intercom's own server, by its names. */
const unlisted = z.object({
  customer_email: textParameter(500).optional(),
  ids: z.array(idText, 'must be a list of ids').max(1_000, 'must have at most 1000 ids').optional(),
  team_assignee_id: idText.optional(),
  admin_assignee_id: idText.optional(),
  ...intercomParameters.shape,
});

const rename = (name: string) => (value: unknown) => ({ [name]: value });
const aliases: Aliases = {
  timeframe: timeFrameAlias,
  per_page: rename('limit'),
  starting_after: rename('cursor'),
  q: rename('query'),
  text: rename('query'),
  contact_email: rename('customer_email'),
  source_type: rename('channel'),
  max_results: rename('limit'),
  ...queryAlias,
};

/** Full-text search over every message, with filters. */
export const searchConversations = defineTool({
  name: 'search_conversations',
  title: 'Search conversations',
  description:
    'Finds Intercom conversations in the local mirror by words and filters, over every message of the whole history (opening messages, replies, notes). All words must occur, in any messages; where few have all of a sentence, those with some follow, marked partial. total_results is exact: with limit 1 it counts. Each row names the message that matched best; get_conversation reads the thread. Without query it lists by filters, newest first.',
  annotations: READS_MIRROR,
  input,
  unlisted,
  aliases,
  output: answerSchema({ summary: SUMMARY, results: ROWS, pagination: PAGINATION, metadata: METADATA }, [
    'summary',
    'results',
    'pagination',
    'metadata',
  ]),
  async run(query, args, call) {
    const { max_tokens: maxTokens = DEFAULT_MAX_TOKENS, ...search } = args;
    const asked = conversationSearch(search) as SearchInput;
    return presentSearch(await query.searchConversations(asked, call), maxTokens);
  },
});

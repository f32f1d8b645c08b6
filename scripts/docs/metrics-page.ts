import { METRICS } from '../../src/data/analytics/metrics.ts';
import { DIMENSIONS } from '../../src/query/analytics-parameters.ts';
import { code, page, table } from './markdown.ts';

const STATISTICS: Readonly<Record<string, string>> = {
  count: 'how many',
  distinct: 'how many different',
  mean: 'mean',
  median: 'median, p90, mean',
  share: 'share',
  sum: 'sum, median, p90, mean',
};

const GROUPS: Readonly<Record<string, string>> = {
  hour: 'hour of the day, 00:00 to 23:00, in the time zone of the question',
  weekday: 'Monday to Sunday',
  day: 'calendar day',
  week: 'week, by its Monday',
  month: 'calendar month',
  state: 'open, closed, snoozed',
  channel: 'source.type: email, conversation, ...',
  team: 'team_assignee_id',
  teammate: 'admin_assignee_id',
  tag: 'tags; a conversation with several is in several groups',
  priority: 'none, low, medium, high, urgent',
  company: 'company of the conversation',
  segment: 'segments of its contacts; a conversation may be in several groups',
  rating: '1 to 5',
  sla: 'sla_applied.sla_status',
  sla_name: 'sla_applied.sla_name, in lower case',
  fin: 'ai_agent.resolution_state; `involved`: Fin took part and left no state',
  language:
    'of what the customer wrote first, told by tinyld from its first 90 characters once the thread is mirrored; ISO 639-1',
};

export const metricsPage = (): string =>
  page('Metrics', [
    'What `analyze` and the tool `analyze_conversations` count. Every number comes with `n`, the conversations that it is made of, and `excluded`, those of the group without a value. Durations are in seconds. Percentiles interpolate linearly. Both engines give the same numbers.',
    table(
      ['Metric', 'Unit', 'Statistic', 'Definition'],
      Object.entries(METRICS).map(([name, { definition, statistic, unit }]) => [
        code(name),
        unit,
        STATISTICS[statistic] ?? statistic,
        definition,
      ]),
    ),
    '## Dimensions',
    'Up to two. A conversation without a value is in the group `none`. Calendar units are those of the workspace’s time zone, or of `time_zone`. A single calendar unit has a row for every hour, day, ... between the first and the last with something in it, up to 400 rows.',
    table(
      ['Dimension', 'Groups'],
      [
        ...Object.keys(DIMENSIONS).map((name) => [code(name), GROUPS[name] ?? '']),
        [code('attr.NAME'), 'values of a custom attribute of the conversation, in lower case'],
      ],
    ),
    '## Time and comparison',
    '`timeframe`, `start_date` and `end_date` mean `created_at`, or what `time_field` names. `closed` counts by the time of the last close, `open_backlog` the conversations that stood open at the end. `compare` adds the same number of days before; of a frame that is not over, as many as it has had, today counted. Where a dimension is a time, only the totals are compared.',
    'Metrics from listings are complete when the listing is, before the threads are there. `replies`, `customer_messages` and `bot_replies` need threads: their `n` says over how many they hold.',
  ]);

import { isMetric, METRIC_NAMES } from '../data/analytics/metrics.ts';
import type { Dimension, MetricName } from '../data/reads/analyze-conversations.ts';
import type { Vocabulary } from '../data/reads/read-vocabulary.ts';
import { AppError } from '../errors/app-error.ts';
import { nearest } from '../lib/nearest.ts';
import { fold } from '../lib/text/fold.ts';

const MAX_METRICS = 12;
const MAX_DIMENSIONS = 2;
const DEFAULT_METRICS: readonly MetricName[] = ['created', 'first_response_time', 'time_to_close', 'csat'];

/** Other words for a metric that people use. */
const METRIC_WORDS: Readonly<Record<string, MetricName>> = {
  count: 'created',
  volume: 'created',
  conversations: 'created',
  backlog: 'open_backlog',
  frt: 'first_response_time',
  first_reply_time: 'first_response_time',
  resolution_time: 'time_to_close',
  time_to_resolution: 'time_to_close',
  reopened: 'reopens',
  ratings: 'rating_average',
  sla: 'sla_hit_rate',
};

/** Names as one writes them: spaces, hyphens and case do not count. */
const wordOf = (name: string): string => fold(name.trim()).replace(/[\s-]+/g, '_');

const metricOf = (name: string): MetricName => {
  const word = wordOf(name);
  if (isMetric(word)) return word;
  if (Object.hasOwn(METRIC_WORDS, word)) return METRIC_WORDS[word] as MetricName;
  throw new AppError(
    'ARGUMENT_INVALID',
    `metrics: there is no metric "${name.slice(0, 60)}"; the nearest is "${nearest(word, METRIC_NAMES)}".`,
    { remedy: `Use some of: ${METRIC_NAMES.join(', ')}.` },
  );
};

const listed = (names: readonly string[] | undefined): string[] => [
  ...new Set(
    (names ?? [])
      .flatMap((each) => each.split(','))
      .map((each) => each.trim())
      .filter(Boolean),
  ),
];

/** The metrics that are asked for. @throws AppError ARGUMENT_INVALID */
export const readMetricNames = (names: readonly string[] | undefined): readonly MetricName[] => {
  const found = [...new Set(listed(names).map(metricOf))];
  if (found.length > MAX_METRICS)
    throw new AppError('ARGUMENT_INVALID', `metrics: at most ${MAX_METRICS} in one call.`);
  return found.length === 0 ? DEFAULT_METRICS : found;
};

/** Dimensions that are no custom attributes, by their names. */
export const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  hour: { by: 'time', unit: 'hour' },
  weekday: { by: 'time', unit: 'weekday' },
  day: { by: 'time', unit: 'day' },
  week: { by: 'time', unit: 'week' },
  month: { by: 'time', unit: 'month' },
  state: { by: 'field', field: 'state' },
  channel: { by: 'field', field: 'channel' },
  team: { by: 'field', field: 'team' },
  teammate: { by: 'field', field: 'admin' },
  tag: { by: 'field', field: 'tag' },
  priority: { by: 'field', field: 'priority' },
  company: { by: 'field', field: 'company' },
  segment: { by: 'segment' },
  rating: { by: 'field', field: 'csat' },
  sla: { by: 'field', field: 'sla' },
  sla_name: { by: 'field', field: 'sla_name' },
  // Who took part and left no state is a group of its own; who left one is in the group of that.
  fin: { by: 'field', field: 'fin', skip: 'involved' },
  language: { by: 'field', field: 'language' },
};
const DIMENSION_WORDS: Readonly<Record<string, string>> = {
  admin: 'teammate',
  assignee: 'teammate',
  csat: 'rating',
  source: 'channel',
  date: 'day',
  ai_agent: 'fin',
  day_of_week: 'weekday',
  hour_of_day: 'hour',
};
const ATTRIBUTE = 'attr.';

export interface NamedDimension {
  readonly name: string;
  readonly dimension: Dimension;
}

const dimensionOf = (given: string, { attributes }: Vocabulary): NamedDimension => {
  if (given.toLowerCase().startsWith(ATTRIBUTE)) {
    const name = fold(given.slice(ATTRIBUTE.length).trim());
    return { name: `${ATTRIBUTE}${name}`, dimension: { by: 'attribute', name } };
  }
  const word = DIMENSION_WORDS[wordOf(given)] ?? wordOf(given);
  const known = Object.hasOwn(DIMENSIONS, word) ? DIMENSIONS[word] : undefined;
  if (known !== undefined) return { name: word, dimension: known };
  const attribute = attributes.find(({ name }) => fold(name) === fold(given));
  if (attribute !== undefined) {
    const name = fold(attribute.name);
    return { name: `${ATTRIBUTE}${name}`, dimension: { by: 'attribute', name } };
  }
  const names = Object.keys(DIMENSIONS);
  throw new AppError(
    'ARGUMENT_INVALID',
    `group_by: there is no dimension "${given.slice(0, 60)}"; the nearest is "${nearest(word, names)}".`,
    { remedy: `Use one or two of: ${names.join(', ')}, or attr.NAME for a custom attribute.` },
  );
};

/** The dimensions that are asked for. @throws AppError ARGUMENT_INVALID */
export const readDimensions = (
  names: readonly string[] | undefined,
  vocabulary: Vocabulary,
): readonly NamedDimension[] => {
  const found = listed(names).map((name) => dimensionOf(name, vocabulary));
  if (found.length > MAX_DIMENSIONS)
    throw new AppError('ARGUMENT_INVALID', `group_by: at most ${MAX_DIMENSIONS} dimensions.`);
  return found;
};

/** Backlogs are of moments: a day has an end, a weekday has many. @throws AppError ARGUMENT_INVALID */
export const checkBacklog = (metrics: readonly MetricName[], dimensions: readonly NamedDimension[]): void => {
  if (!metrics.includes('open_backlog')) return;
  const times = dimensions.filter(({ dimension }) => dimension.by === 'time');
  const cyclic = times.find(({ name }) => name === 'hour' || name === 'weekday');
  if (cyclic === undefined && times.length < 2) return;
  throw new AppError(
    'ARGUMENT_INVALID',
    `open_backlog cannot be grouped by ${times.map(({ name }) => name).join(' and ')}.`,
    { remedy: 'Group it by day, week or month, alone or with a dimension that is no time, or leave it out.' },
  );
};

import { METRICS } from '../data/analytics/metrics.ts';
import type {
  AnalyzedRow,
  AnalyzeResult,
  MetricName,
  MetricValue,
} from '../data/reads/analyze-conversations.ts';
import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import {
  checkBacklog,
  type NamedDimension,
  readDimensions,
  readMetricNames,
} from './analytics-parameters.ts';
import type {
  AnalyzeAnswer,
  AnalyzedGroup,
  AnalyzeInput,
  ComparedValue,
  MetricValues,
} from './analytics-types.ts';
import { decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { QueryDeps } from './deps.ts';
import { isoTime } from './iso-time.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { appliedTime, readConditions } from './search-conditions.ts';
import { checkedLimit } from './search-conversations.ts';
import { parseQuery } from './search-grammar.ts';
import { spanBefore } from './span-before.ts';
import { type TimeBounds, timeBounds, zoneOf } from './time-bounds.ts';
import type { CallContext } from './types.ts';

const DEFAULT_LIMIT = 50;
const DEFAULT_RECONTACT_DAYS = 7;
const MAX_RECONTACT_DAYS = 365;
/** Groups of the time before that are looked up for those that are shown. */
const MOST_BEFORE = 100_000;

const recontactDaysOf = ({ recontact_days: days = DEFAULT_RECONTACT_DAYS }: AnalyzeInput): number => {
  if (!Number.isInteger(days) || days < 1 || days > MAX_RECONTACT_DAYS)
    throw new AppError(
      'ARGUMENT_INVALID',
      `recontact_days must be a whole number from 1 to ${MAX_RECONTACT_DAYS}.`,
    );
  return days;
};

const changeOf = (now: number | null, before: number | null): number | null =>
  now === null || before === null || before === 0
    ? null
    : Math.round(((now - before) / before) * 10_000) / 10_000;

const compared = (value: MetricValue, before: MetricValue | undefined): ComparedValue =>
  before === undefined
    ? value
    : { ...value, previous: before.value, change: changeOf(value.value, before.value) };

const valuesOf = (
  metrics: readonly MetricName[],
  values: readonly MetricValue[],
  before?: readonly MetricValue[],
): MetricValues =>
  Object.fromEntries(
    metrics.map((name, place) => [name, compared(values[place] as MetricValue, before?.[place])]),
  );

const keyOf = ({ keys }: AnalyzedRow): string => JSON.stringify(keys.map(({ value }) => value));

const isTime = ({ dimension }: NamedDimension): boolean => dimension.by === 'time';

/** A group that was not there before had nothing. */
const beforeOf = (row: AnalyzedRow, before: AnalyzeResult | undefined, metrics: readonly MetricName[]) => {
  if (before === undefined) return undefined;
  const found = before.rows.find((each) => keyOf(each) === keyOf(row));
  return (
    found?.values ??
    metrics.map(
      (name): MetricValue => ({
        value: METRICS[name].statistic === 'count' || METRICS[name].statistic === 'distinct' ? 0 : null,
        n: 0,
        excluded: 0,
      }),
    )
  );
};

/** What the answer says beside its numbers. */
const notesOf = (
  metrics: readonly MetricName[],
  total: readonly MetricValue[],
  hydratedAll: boolean,
): string[] => {
  const threads = metrics.flatMap((name, place) =>
    METRICS[name].needsThread && (total[place]?.excluded ?? 0) > 0 ? [{ name, value: total[place] }] : [],
  );
  return hydratedAll
    ? []
    : threads.map(
        ({ name, value }) =>
          `${name} holds over ${value?.n} of ${(value?.n ?? 0) + (value?.excluded ?? 0)} conversations: the threads of the others are not mirrored yet.`,
      );
};

/**
 * Counts conversations: any metrics by up to two dimensions, over any filter, text included.
 * @throws AppError ARGUMENT_INVALID, QUERY_*, TIMEFRAME_UNKNOWN, CURSOR_INVALID, WORKSPACE_*, STORE_*
 */
export const analyzeConversations = async (
  deps: QueryDeps,
  input: AnalyzeInput,
  call?: CallContext,
): Promise<AnalyzeAnswer> => {
  const started = performance.now();
  const limit = checkedLimit(input.limit, DEFAULT_LIMIT);
  const metrics = readMetricNames(input.metrics);
  const recontactDays = recontactDaysOf(input);
  const text = input.query?.trim() ? input.query : undefined;
  const parsed = text === undefined ? { nodes: [] } : parseQuery(text);
  const options = readOptions(call);
  const facts = await mirrorFacts(deps, input.workspace, call);
  const workspaceId = facts.workspace.id;
  const zone = zoneOf(input, facts.workspace.time_zone);
  const nowMs = (deps.clock ?? systemClock).now();
  const now = Math.ceil(nowMs / 1000);
  const vocabulary = await deps.reader.read('readVocabulary', { workspaceId }, options);
  const dimensions = readDimensions(input.group_by, vocabulary);
  checkBacklog(metrics, dimensions);
  const cursorKey = (await deps.reader.read('readSetting', { name: 'cursor_key' }, options)) ?? '';
  const { cursor, limit: _limit, workspace: _workspace, ...question } = input;
  const boundTo = fingerprint(['analyze', workspaceId, question]);
  const state = cursor === undefined ? undefined : decodeCursor(cursorKey, boundTo, cursor);
  const offset = Number(state?.[0] ?? 0);
  const bounds = state === undefined ? timeBounds(input, zone, nowMs) : boundsOf(state);
  const notes = new Set<string>();
  const conditions = readConditions({ ...input, time_field: undefined }, parsed, undefined, {
    vocabulary,
    zone,
    nowMs,
    note: (sentence) => void notes.add(sentence),
  });
  const timeField = input.time_field ?? 'created_at';
  const before = input.compare === true ? spanBefore(bounds, nowMs, zone) : undefined;
  const asOf = answerMetadata(facts, { query: null, filters: {} }, []).as_of;
  const asked = {
    workspaceId,
    where: { kind: 'and' as const, nodes: conditions.fixed },
    loose: conditions.loose,
    ...(conditions.roles === undefined ? {} : { roles: conditions.roles }),
    metrics,
    timeField,
    zone,
    asOf: asOf === null ? now : Date.parse(asOf) / 1000,
    now,
    recontactDays,
  };
  const found = await deps.reader.read(
    'analyzeConversations',
    { ...asked, ...bounds, dimensions: dimensions.map(({ dimension }) => dimension), limit, offset },
    options,
  );
  // Days of another time frame are other days: only the whole is compared.
  const comparable = dimensions.some(isTime) ? [] : dimensions;
  const past =
    before === undefined
      ? undefined
      : await deps.reader.read(
          'analyzeConversations',
          {
            ...asked,
            ...before,
            dimensions: comparable.map(({ dimension }) => dimension),
            limit: MOST_BEFORE,
            offset: 0,
          },
          options,
        );
  const only: AnalyzedGroup = { group: [], metrics: valuesOf(metrics, found.total, past?.total) };
  const hasMore = found.groups > offset + found.rows.length;
  const cursorAfter = (index: number): string =>
    encodeCursor(cursorKey, boundTo, [offset + index + 1, bounds?.start ?? null, bounds?.end ?? null]);
  const coverage = facts.status.conversations;
  for (const note of notesOf(metrics, found.total, coverage.hydrated >= coverage.known)) notes.add(note);
  const byTime = dimensions.some(isTime);
  const groups = found.rows.map(
    (row): AnalyzedGroup => ({
      group: row.keys.map(({ name, value }, place) => ({ by: dimensions[place]?.name ?? '', value, name })),
      metrics: valuesOf(metrics, row.values, byTime ? undefined : beforeOf(row, past, metrics)),
    }),
  );
  const results = dimensions.length === 0 ? [only] : groups;
  return {
    summary: {
      total_results: dimensions.length === 0 ? 1 : found.groups,
      returned: results.length,
      query_time_ms: Math.round((performance.now() - started) * 10) / 10,
      data_source: 'local',
      cache_hit: false,
    },
    definitions: metrics.map((metric) => {
      const { definition, statistic, unit } = METRICS[metric];
      return { metric, unit, statistic, definition };
    }),
    totals: only.metrics,
    results,
    compared_to: before === undefined ? null : { start: isoTime(before.start), end: isoTime(before.end) },
    pagination: { limit, has_more: hasMore, next_cursor: hasMore ? cursorAfter(results.length - 1) : null },
    metadata: answerMetadata(
      facts,
      {
        query: text ?? null,
        filters: {
          ...conditions.applied,
          ...(bounds === undefined ? {} : { time: appliedTime(timeField, bounds) }),
          metrics,
          ...(dimensions.length === 0 ? {} : { group_by: dimensions.map(({ name }) => name) }),
        },
        timeZone: zone,
      },
      [...notes],
    ),
    cursorAfter,
  };
};

/** The span that the words of the time frame meant on page one. */
const boundsOf = ([, start, end]: readonly (string | number | null)[]): TimeBounds | undefined =>
  (start ?? null) === null && (end ?? null) === null
    ? undefined
    : {
        ...(typeof start === 'number' ? { start } : {}),
        ...(typeof end === 'number' ? { end } : {}),
      };

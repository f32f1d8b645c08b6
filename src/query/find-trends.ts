import type { FindTrendsResult, FoundTrend, TrendTerm } from '../data/reads/find-trends.ts';
import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import { unitName } from '../lib/zone-clock.ts';
import type { QueryDeps } from './deps.ts';
import { isoTime } from './iso-time.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { appliedTime, needsNames, NO_NAMES, readConditions } from './search-conditions.ts';
import { parseQuery } from './search-grammar.ts';
import { zoneOf } from './time-bounds.ts';
import { type TrendSpans, trendSpans } from './trend-spans.ts';
import type {
  FindTrendsInput,
  NamedTerm,
  TrendDirection,
  TrendRow,
  TrendsAnswer,
  TrendSide,
} from './trend-types.ts';
import type { CallContext } from './types.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 50;
const FEW = 30;

/** Stands in every answer; docs/reference/trends.md has the whole of it. */
export const METHOD =
  'Log-likelihood ratio (G², Dunning) of the share of conversations, each counted once, between window and baseline; reduced by overdispersion of the baseline and by repeats of one contact; each row among conversations without the rows above it (Mantel-Haenszel strata). p_value: corrected for all compared terms (Bonferroni, Tarone). strong: p ≤ 0.001, ratio ≥ 2 or ≤ 1/2, at least 8 conversations; moderate: p ≤ 0.01, ratio ≥ 1.5; weak: p ≤ 0.05.';

const checkedLimit = (limit = DEFAULT_LIMIT): number => {
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new AppError('ARGUMENT_INVALID', `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
};

const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits));

const sideOf = (count: number, of: number): TrendSide => ({
  count,
  of,
  share: of === 0 ? 0 : rounded(count / of, 4),
});

const directionOf = ({ baseline, rose, window }: FoundTrend): TrendDirection => {
  if (rose) return baseline === 0 ? 'new' : 'rose';
  return window === 0 ? 'gone' : 'fell';
};

const termOf = ({ field, kind, name, value }: TrendTerm): NamedTerm => ({ kind, field, value, name });

const toRow = (trend: FoundTrend, sizes: FindTrendsResult): TrendRow => ({
  ...termOf(trend),
  direction: directionOf(trend),
  strength: trend.strength,
  window: sideOf(trend.window, sizes.window),
  baseline: sideOf(trend.baseline, sizes.baseline),
  ratio:
    trend.baseline === 0 ? null : rounded(trend.window / sizes.window / (trend.baseline / sizes.baseline), 3),
  p_value: rounded(trend.pValue, 2),
  started_at: unitName(trend.startedDay, 'day'),
  related: trend.related.map(termOf),
  examples: trend.examples.map(({ createdAt, id, match, title }) => ({
    id,
    title,
    created_at: isoTime(createdAt),
    snippet: match?.snippet ?? null,
  })),
});

/** What the reader should know beside the rows. */
const notesOf = ({ compared, trends, window, baseline }: FindTrendsResult, unread: number): string[] => {
  const notes: string[] = [];
  if (window === 0 || baseline === 0)
    notes.push(
      `There is nothing to compare: the ${window === 0 ? 'time frame' : 'baseline'} has no conversations.`,
    );
  else if (trends.length === 0)
    notes.push(`Nothing rose or fell beyond chance, of ${compared} terms compared.`);
  if (window > 0 && baseline > 0 && Math.min(window, baseline) < FEW)
    notes.push('There are few conversations: only large changes can be told from chance.');
  if (unread > 0)
    notes.push(
      `The threads of ${unread} conversations are not mirrored yet: of these the opening message alone counts.`,
    );
  return notes;
};

/**
 * What rose or fell: words, tags, attributes, teams, channels and priorities of the conversations of a time frame,
 * against a baseline.
 * @throws AppError ARGUMENT_INVALID, QUERY_*, TIMEFRAME_UNKNOWN, WORKSPACE_*, STORE_*
 */
export const findTrends = async (
  deps: QueryDeps,
  input: FindTrendsInput,
  call?: CallContext,
): Promise<TrendsAnswer> => {
  const started = performance.now();
  const limit = checkedLimit(input.limit);
  const text = input.query?.trim() ? input.query : undefined;
  const parsed = text === undefined ? { nodes: [] } : parseQuery(text);
  const options = readOptions(call);
  const facts = await mirrorFacts(deps, input.workspace, call);
  const workspaceId = facts.workspace.id;
  const zone = zoneOf(input, facts.workspace.time_zone);
  const nowMs = (deps.clock ?? systemClock).now();
  const spans = trendSpans(input, zone, nowMs);
  const vocabulary = needsNames(input, parsed.nodes)
    ? await deps.reader.read('readVocabulary', { workspaceId }, options)
    : NO_NAMES;
  const notes = new Set<string>();
  const { applied, fixed, loose, roles } = readConditions(input, parsed, undefined, {
    vocabulary,
    zone,
    nowMs,
    note: (sentence) => void notes.add(sentence),
  });
  const found = await deps.reader.read(
    'findTrends',
    {
      workspaceId,
      where: { kind: 'and', nodes: fixed },
      loose,
      ...(roles === undefined ? {} : { roles }),
      ...spans,
      zone,
      limit,
    },
    options,
  );
  const { hydrated, known } = facts.status.conversations;
  for (const note of notesOf(found, Math.max(0, known - hydrated))) notes.add(note);
  const filters = { ...applied, ...appliedSpans(spans) };
  return {
    summary: {
      total_results: found.trends.length,
      ...(found.hasMore ? { total_relation: 'at_least' as const } : {}),
      returned: found.trends.length,
      query_time_ms: Math.round((performance.now() - started) * 10) / 10,
      data_source: 'local',
      cache_hit: false,
      window: { ...isoSpan(spans.window), conversations: found.window },
      baseline: { ...isoSpan(spans.baseline), conversations: found.baseline },
      compared_terms: found.compared,
      method: METHOD,
    },
    results: found.trends.map((trend) => toRow(trend, found)),
    pagination: { limit, has_more: found.hasMore, next_cursor: null },
    metadata: answerMetadata(facts, { query: text ?? null, filters, timeZone: zone }, [...notes]),
  };
};

const isoSpan = ({ end, start }: { readonly start: number; readonly end: number }) => ({
  start: isoTime(start),
  end: isoTime(end),
});

const appliedSpans = ({ baseline, window }: TrendSpans) => ({
  time: appliedTime('created_at', window),
  baseline: isoSpan(baseline),
});

import type { AuthorRole } from '../../lib/author-role.ts';
import { ZoneClock } from '../../lib/zone-clock.ts';
import type { ReadContext } from '../context.ts';
import type { SearchNode } from '../search-filter.ts';
import { matchIndex } from '../search-index/ask-index.ts';
import { filterQueryTerm } from '../search-index/match-segment.ts';
import { roleBit } from '../search-index/posting-bytes.ts';
import { type Clause, filterTerm } from '../search-index/types.ts';
import { type Candidate, findCandidates } from '../trends/candidates.ts';
import { dailyCounts, type Strength, type Trend, TrendSelection } from '../trends/select-trends.ts';
import { onsetOf } from '../trends/statistics.ts';
import { exampleDocs, isOnlyInAddresses } from '../trends/trend-examples.ts';
import { splitTerm, type TrendKind } from '../trends/trend-terms.ts';
import { buildUniverse, type Span, type Universe } from '../trends/universe.ts';
import { hitDetails, type HitDetails } from './hit-details.ts';
import { toIndexNode } from './resolve-filters.ts';

export type { Strength, TrendKind };

export interface FindTrendsArgs {
  readonly workspaceId: string;
  /** Which conversations, but for time. */
  readonly where: SearchNode;
  /** Words and phrases that must all occur. */
  readonly loose: readonly Clause[];
  /** Whose messages count for these, and whose words are compared; absent: everybody's, and the customers'. */
  readonly roles?: readonly AuthorRole[];
  /** Of created_at; the baseline ends where the window begins, or earlier. */
  readonly window: Span;
  readonly baseline: Span;
  readonly zone: string;
  readonly limit: number;
}

/** A word, or a value of a field. Text of customers and of the workspace: untrusted. */
export interface TrendTerm {
  readonly kind: TrendKind;
  /** Of the query language; null for a word. */
  readonly field: string | null;
  /** Folded. */
  readonly value: string;
  /** What a tag or team is called now. */
  readonly name: string | null;
}

export interface FoundTrend extends TrendTerm {
  readonly rose: boolean;
  readonly strength: Strength;
  readonly pValue: number;
  /** Conversations that have it. */
  readonly window: number;
  readonly baseline: number;
  /** Days since 1970-01-01 in the zone. */
  readonly startedDay: number;
  readonly related: readonly TrendTerm[];
  readonly examples: readonly Pick<HitDetails, 'id' | 'title' | 'createdAt' | 'match'>[];
}

export interface FindTrendsResult {
  /** Conversations there are. */
  readonly window: number;
  readonly baseline: number;
  /** Terms that were compared. */
  readonly compared: number;
  readonly hasMore: boolean;
  readonly trends: readonly FoundTrend[];
}

/** Where a change may begin before the window, in days. */
const LOOKED_BACK = 28;
const DEFAULT_ROLES: readonly AuthorRole[] = ['customer'];

const bitsOf = (roles: readonly AuthorRole[]): number =>
  roles.reduce((bits, role) => bits | roleBit(role), 0);

/** Names of tags and teams that terms stand for. */
const readNames = async (
  { db }: ReadContext,
  workspaceId: string,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<string, string | null>> => {
  const names = new Map<string, string | null>();
  for (const table of ['tags', 'teams'] as const) {
    const field = table === 'tags' ? 'tag' : 'team';
    const ids = candidates.flatMap(({ kind, term }) => (kind === field ? [splitTerm(term).value] : []));
    if (ids.length === 0) continue;
    const rows = await db
      .selectFrom(table)
      .select(['id', 'name'])
      .where('workspace_id', '=', workspaceId)
      .where('id', 'in', ids)
      .execute();
    for (const { id, name } of rows) names.set(filterTerm(field, id), name);
  }
  return names;
};

const startOf = (universe: Universe, { candidate, rose }: Trend, windowDay: number): number => {
  const { all, firstDay, having } = dailyCounts(universe, candidate);
  const windowFrom = Math.max(0, windowDay - firstDay);
  const back = Math.min(LOOKED_BACK, all.length - windowFrom);
  const days = [...all].map((size, day) => ({ all: size, having: having[day] ?? 0 }));
  return firstDay + onsetOf(days, { rose, windowFrom, earliest: Math.max(0, windowFrom - back) });
};

/** What a row shows of its examples: of a word the message that has it. */
const readExamples = async (
  context: ReadContext,
  { roles, workspaceId }: FindTrendsArgs,
  universe: Universe,
  trend: Trend,
): Promise<readonly HitDetails[]> => {
  const docs = exampleDocs(universe, trend);
  const { kind, term } = trend.candidate;
  const found = await hitDetails(context, workspaceId, docs, {
    clauses: kind === 'word' ? [[filterQueryTerm(term)]] : [],
    roles: roles ?? DEFAULT_ROLES,
  });
  return docs.flatMap((docId) => found.get(docId) ?? []);
};

/**
 * What conversations of a window have more or less often than those of a baseline: words, tags, custom attributes, teams,
 * channels, priorities. A conversation counts once; deleted ones do not.
 */
export const findTrends = async (context: ReadContext, args: FindTrendsArgs): Promise<FindTrendsResult> => {
  const { baseline, limit, loose, roles, window, workspaceId, zone } = args;
  const filters = await toIndexNode(context, workspaceId, args.where);
  const bits = roles === undefined ? {} : { roles: bitsOf(roles) };
  const time = { kind: 'time', field: 'created_at', start: baseline.start, end: window.end } as const;
  const where = { kind: 'and', nodes: [filters, time] } as const;
  const { matches, reader } = await matchIndex(context, { workspaceId, where, loose, ...bits });
  const universe = buildUniverse(matches, { window, baseline, zone });
  const sizes = { window: universe.window.size, baseline: universe.baseline.size };
  if (sizes.window === 0 || sizes.baseline === 0)
    return { ...sizes, compared: 0, hasMore: false, trends: [] };
  const counted = { reader, universe, roles: bitsOf(roles ?? DEFAULT_ROLES) };
  const candidates = await findCandidates(context, workspaceId, counted);
  const selection = new TrendSelection(universe, candidates);
  const windowDay = new ZoneClock(zone, window.start, window.start).unit(window.start, 'day');
  const kept: { readonly trend: Trend; readonly examples: readonly HitDetails[] }[] = [];
  let trend = selection.next();
  while (trend !== undefined && kept.length <= limit) {
    context.alive();
    const examples = await readExamples(context, args, universe, trend);
    const isAddress =
      trend.candidate.kind === 'word' && isOnlyInAddresses(examples.map(({ match }) => match));
    if (!isAddress) kept.push({ trend, examples });
    trend = selection.next();
  }
  const shown = kept.slice(0, limit);
  const named = shown.flatMap(({ trend: { candidate, related } }) => [candidate, ...related]);
  const names = await readNames(context, workspaceId, named);
  const termOf = ({ kind, term }: Candidate): TrendTerm => ({
    kind,
    ...splitTerm(term),
    name: names.get(term) ?? null,
  });
  return {
    ...sizes,
    compared: candidates.compared,
    hasMore: kept.length > limit,
    trends: shown.map(({ examples, trend: each }): FoundTrend => {
      const { candidate, pValue, related, rose, strength } = each;
      return {
        ...termOf(candidate),
        ...candidate.counts,
        rose,
        strength,
        pValue,
        startedDay: startOf(universe, each, windowDay),
        related: related.map(termOf),
        examples: examples.map(({ createdAt, id, match, title }) => ({ id, title, createdAt, match })),
      };
    }),
  };
};

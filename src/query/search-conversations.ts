import type { SearchOrder, SearchPosition, SearchRow } from '../data/reads/search-conversations.ts';
import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import { authorRole } from '../lib/author-role.ts';
import { type CursorField, decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { QueryDeps } from './deps.ts';
import { isoTime } from './iso-time.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { resolveFilters, type TimeBounds, timeBounds, zoneOf } from './search-filters.ts';
import {
  type ParsedQuery,
  parseQuery,
  RELAXATION_NOTES,
  RELAXATIONS,
  type Relaxation,
  relax,
} from './search-grammar.ts';
import type { CallContext, SearchAnswer, SearchHit, SearchInput } from './types.ts';

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 1_000;

/** A page size within bounds. @throws AppError ARGUMENT_INVALID */
export const checkedLimit = (limit: number | undefined, standard: number): number => {
  const value = limit ?? standard;
  if (!Number.isInteger(value) || value < 1 || value > MAX_LIMIT) {
    throw new AppError('ARGUMENT_INVALID', `limit must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return value;
};

/** Where a page ended, how the query was loosened on page one, and the span that its words meant then. */
interface CursorState {
  readonly after: SearchPosition;
  readonly relaxation: Relaxation;
  readonly bounds: TimeBounds | undefined;
}

const toFields = ({ after, relaxation, bounds }: CursorState): CursorField[] => [
  after.score,
  after.createdAt,
  after.key,
  after.docId,
  relaxation,
  ...(bounds === undefined ? [] : [bounds.start ?? null, bounds.end ?? null]),
];

const fromFields = (fields: readonly CursorField[]): CursorState => {
  // Signed by this mirror, so what it wrote is what stands here.
  const [score = null, createdAt, key, docId, relaxation, ...span] = fields as readonly (number | null)[];
  const [start = null, end = null] = span;
  return {
    after: { score, createdAt: Number(createdAt), key: Number(key), docId: Number(docId) },
    relaxation: Number(relaxation) as Relaxation,
    bounds:
      span.length === 0
        ? undefined
        : { ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) },
  };
};

const toHit = (row: SearchRow): SearchHit => ({
  id: row.id,
  title: row.title,
  state: row.state,
  priority: row.priority,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
  contact: row.contact,
  tags: row.tags,
  part_count: row.partCount,
  hydrated: row.hydrated,
  score: row.position.score,
  match:
    row.match === null
      ? null
      : {
          part_id: row.match.partId,
          author_role: authorRole(row.match.authorType, row.match.partType),
          author_name: row.match.authorName,
          created_at: isoTime(row.match.createdAt),
          snippet: row.match.snippet,
          highlights: row.match.highlights,
        },
});

/**
 * Finds conversations by words, phrases and filters over every message of the mirror.
 * @throws AppError QUERY_*, ARGUMENT_INVALID, TIMEFRAME_UNKNOWN, CURSOR_INVALID, WORKSPACE_*, STORE_*
 */
export const searchConversations = async (
  deps: QueryDeps,
  input: SearchInput,
  call?: CallContext,
): Promise<SearchAnswer> => {
  const started = performance.now();
  const limit = checkedLimit(input.limit, DEFAULT_LIMIT);
  const text = input.query?.trim() ? input.query : undefined;
  const parsed: ParsedQuery = text === undefined ? { clauses: [] } : parseQuery(text);
  const options = readOptions(call);
  const facts = await mirrorFacts(deps, input.workspace, call);
  const workspaceId = facts.workspace.id;
  const zone = zoneOf(input, facts.workspace.time_zone);
  const cursorKey = (await deps.reader.read('readSetting', { name: 'cursor_key' }, options)) ?? '';
  // The workspace counts by its id, however it was named.
  const { cursor: _cursor, limit: _limit, workspace: _workspace, ...question } = input;
  const boundTo = fingerprint(['search', workspaceId, question]);
  const state =
    input.cursor === undefined ? undefined : fromFields(decodeCursor(cursorKey, boundTo, input.cursor));
  const bounds = state ? state.bounds : timeBounds(input, zone, (deps.clock ?? systemClock).now());
  const tags = input.tag === undefined ? [] : await deps.reader.read('listTags', { workspaceId }, options);
  const resolved = resolveFilters(input, bounds, tags);
  const order: SearchOrder = input.sort ?? (text === undefined ? 'newest' : 'relevance');
  const find = (query: ParsedQuery) =>
    deps.reader.read(
      'searchConversations',
      {
        workspaceId,
        clauses: query.clauses.map((clause) => clause.terms),
        filters: resolved.filters,
        order,
        limit,
        ...(state ? { after: state.after } : {}),
      },
      options,
    );
  const loosened = (step: Relaxation): ParsedQuery => (step === 0 ? parsed : (relax(parsed, step) ?? parsed));
  let relaxation: Relaxation = state?.relaxation ?? 0;
  let found = await find(loosened(relaxation));
  for (const step of RELAXATIONS) {
    if (found.total > 0 || state !== undefined) break;
    const looser = relax(parsed, step);
    if (looser === undefined) continue;
    relaxation = step;
    found = await find(looser);
  }
  if (found.total === 0) relaxation = 0;
  const notes = [...resolved.notes, ...(relaxation === 0 ? [] : [RELAXATION_NOTES[relaxation]])];
  const cursorAfter = (index: number): string => {
    const after = found.rows[index]?.position;
    if (after === undefined) throw new AppError('INTERNAL');
    return encodeCursor(cursorKey, boundTo, toFields({ after, relaxation, bounds }));
  };
  const timeZone = zone;
  return {
    summary: {
      total_results: found.total,
      ...(found.isCut ? { total_relation: 'at_least' as const } : {}),
      returned: found.rows.length,
      query_time_ms: Math.round((performance.now() - started) * 10) / 10,
      data_source: 'local',
      cache_hit: false,
    },
    results: found.rows.map(toHit),
    pagination: {
      limit,
      has_more: found.hasMore,
      next_cursor: found.hasMore ? cursorAfter(found.rows.length - 1) : null,
    },
    metadata: answerMetadata(facts, { query: text ?? null, filters: resolved.applied, timeZone }, notes),
    cursorAfter,
  };
};

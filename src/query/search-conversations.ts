import type { SearchOrder, SearchPosition, SearchRow } from '../data/reads/search-conversations.ts';
import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import { authorRole } from '../lib/author-role.ts';
import { type CursorField, decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { QueryDeps } from './deps.ts';
import { isoTime } from './iso-time.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { RELAXATION_NOTES, RELAXATIONS, type Relaxation, relax } from './relax-query.ts';
import { type Conditions, needsNames, NO_NAMES, readConditions } from './search-conditions.ts';
import { isText, type ParsedQuery, parseQuery, wantedClauses } from './search-grammar.ts';
import { type TimeBounds, timeBounds, zoneOf } from './time-bounds.ts';
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
  readonly dropped: readonly number[];
  readonly bounds: TimeBounds | undefined;
}

/** Places below 64 as one bit each, in hexadecimal: a cursor is read by the model. */
const packPlaces = (places: readonly number[]): string | null =>
  places.length === 0 ? null : places.reduce((bits, place) => bits | (1n << BigInt(place)), 0n).toString(16);

const unpackPlaces = (packed: CursorField): number[] => {
  if (packed === null) return [];
  const bits = BigInt(`0x${packed}`);
  return Array.from({ length: 64 }, (_, place) => place).filter(
    (place) => ((bits >> BigInt(place)) & 1n) === 1n,
  );
};

const toFields = ({ after, bounds, dropped, relaxation }: CursorState): CursorField[] => [
  after.score,
  after.createdAt,
  after.key,
  after.docId,
  relaxation,
  packPlaces(dropped),
  ...(bounds === undefined ? [] : [bounds.start ?? null, bounds.end ?? null]),
];

const fromFields = (fields: readonly CursorField[]): CursorState => {
  // Signed by this mirror, so what it wrote is what stands here.
  const [score, createdAt, key, docId, relaxation, dropped, ...span] = fields;
  const [start = null, end = null] = span as readonly (number | null)[];
  return {
    after: {
      score: score as number | null,
      createdAt: Number(createdAt),
      key: Number(key),
      docId: Number(docId),
    },
    relaxation: Number(relaxation) as Relaxation,
    dropped: unpackPlaces(dropped ?? null),
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

/** Queries of so few words mean all of them; longer ones are sentences, of which some words are enough. */
const FEW_WORDS = 2;
/** So many are enough, however long a page is asked for. */
const ENOUGH = 100;

/** Where fewer conversations have all words, the commonest are left out: a page of them, or one for few words or by time. */
const leastOf = (words: number, order: SearchOrder, limit: number): number =>
  words <= FEW_WORDS || order !== 'relevance' ? 1 : Math.min(limit, ENOUGH);

const droppedNote = (parsed: ParsedQuery, dropped: readonly number[], strict: number): string => {
  const texts = parsed.nodes.filter(isText).map(({ text }) => text);
  const left = dropped.map((place) => texts[place]).join(', ');
  const had =
    strict === 0 ? 'No conversation had' : `Only ${strict} conversation${strict === 1 ? '' : 's'} had`;
  return `${had} all of the words; those without ${left.slice(0, 200)} are found, too.`;
};

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
  const parsed: ParsedQuery = text === undefined ? { nodes: [] } : parseQuery(text);
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
  const nowMs = (deps.clock ?? systemClock).now();
  const bounds = state ? state.bounds : timeBounds(input, zone, nowMs);
  const vocabulary = needsNames(input, parsed.nodes)
    ? await deps.reader.read('readVocabulary', { workspaceId }, options)
    : NO_NAMES;
  const notes = new Set<string>();
  const conditionsOf = (query: ParsedQuery): Conditions =>
    readConditions(input, query, bounds, {
      vocabulary,
      zone,
      nowMs,
      note: (sentence) => void notes.add(sentence),
    });
  const { applied } = conditionsOf(parsed);
  const wanted = wantedClauses(parsed.nodes);
  const order: SearchOrder = input.sort ?? (wanted.length === 0 ? 'newest' : 'relevance');
  const least = leastOf(wanted.length, order, limit);
  const find = (query: ParsedQuery, evenOfNone = false) => {
    const { fixed, loose, roles } = conditionsOf(query);
    return deps.reader.read(
      'searchConversations',
      {
        workspaceId,
        where: { kind: 'and', nodes: fixed },
        loose,
        order,
        limit,
        ...(roles === undefined ? {} : { roles }),
        ...(state ? { after: state.after, dropped: state.dropped } : { least, evenOfNone }),
      },
      options,
    );
  };
  const loosened = (step: Relaxation): ParsedQuery => (step === 0 ? parsed : (relax(parsed, step) ?? parsed));
  let relaxation: Relaxation = state?.relaxation ?? 0;
  // Where nothing has all of it, pieces of words are tried before whole words are left out.
  let found = await find(loosened(relaxation));
  for (const step of RELAXATIONS) {
    if (found.total > 0 || state !== undefined) break;
    const looser = relax(parsed, step);
    if (looser === undefined) continue;
    relaxation = step;
    found = await find(looser);
  }
  if (found.total === 0) relaxation = 0;
  if (found.total === 0 && state === undefined && wanted.length > 1) found = await find(parsed, true);
  if (relaxation !== 0) notes.add(RELAXATION_NOTES[relaxation]);
  const { dropped, strictTotal } = found;
  if (dropped.length > 0 && found.total > 0) notes.add(droppedNote(parsed, dropped, strictTotal));
  const cursorAfter = (index: number): string => {
    const after = found.rows[index]?.position;
    if (after === undefined) throw new AppError('INTERNAL');
    return encodeCursor(cursorKey, boundTo, toFields({ after, relaxation, dropped, bounds }));
  };
  return {
    summary: {
      total_results: found.total,
      ...(found.isCut ? { total_relation: 'at_least' as const } : {}),
      ...(dropped.length > 0 ? { all_words_results: strictTotal } : {}),
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
    metadata: answerMetadata(facts, { query: text ?? null, filters: applied, timeZone: zone }, [...notes]),
    cursorAfter,
  };
};

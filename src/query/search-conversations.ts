import type {
  SearchConversationsResult,
  SearchOrder,
  SearchPosition,
} from '../data/reads/search-conversations.ts';
import type { Loosened, Loosening } from '../data/search-index/types.ts';
import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import { isUnspacedTerm } from '../lib/text/scripts.ts';
import { type CursorField, decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { QueryDeps } from './deps.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { RELAXATION_NOTES, RELAXATIONS, type Relaxation, relax } from './relax-query.ts';
import { type Conditions, needsNames, NO_NAMES, readConditions } from './search-conditions.ts';
import { toHit } from './search-hit.ts';
import { isText, type ParsedQuery, parseQuery, type SearchClause, wantedClauses } from './search-grammar.ts';
import { spellingHints, spellingNote } from './spelling-hints.ts';
import { type TimeBounds, timeBounds, zoneOf } from './time-bounds.ts';
import type { CallContext, SearchAnswer, SearchInput } from './types.ts';

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
  readonly loosened: Loosened;
  readonly bounds: TimeBounds | undefined;
}

/** Stands where the places would, where one word is enough. */
const SOME = 'some';

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

const toFields = ({ after, bounds, loosened, relaxation }: CursorState): CursorField[] => [
  after.score,
  after.createdAt,
  after.key,
  after.docId,
  relaxation,
  loosened.some ? SOME : packPlaces(loosened.dropped),
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
    loosened: { dropped: dropped === SOME ? [] : unpackPlaces(dropped ?? null), some: dropped === SOME },
    bounds:
      span.length === 0
        ? undefined
        : { ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) },
  };
};

/** Queries of so few words mean all of them; longer ones are sentences, of which some words are enough. */
const FEW_WORDS = 2;
/** So many are enough, however long a page is asked for. */
const ENOUGH = 100;
/** Characters of a script without spaces that say as much as a word of another. */
const CHARACTERS_PER_WORD = 2;

/** How many words there are to choose from. */
const wordsIn = ({ terms }: SearchClause): number =>
  terms.some(({ term }) => isUnspacedTerm(term)) ? Math.ceil((terms.length + 1) / CHARACTERS_PER_WORD) : 1;

const isSentence = (clauses: readonly SearchClause[]): boolean =>
  clauses.reduce((sum, clause) => sum + wordsIn(clause), 0) > FEW_WORDS;

/** What to do where little has all words; by time the best would not stand first. */
const looseningOf = (
  clauses: readonly SearchClause[],
  order: SearchOrder,
  limit: number,
  evenOfNone: boolean,
): Loosening =>
  isSentence(clauses) && order === 'relevance'
    ? { least: Math.min(limit, ENOUGH), how: 'some', evenOfNone }
    : { least: 1, how: 'drop', evenOfNone };

/** Something was found, and less than what a sentence should find. */
const isFew = (
  clauses: readonly SearchClause[],
  order: SearchOrder,
  limit: number,
  { loosened, total }: SearchConversationsResult,
): boolean => {
  const { how, least } = looseningOf(clauses, order, limit, false);
  return how === 'some' && !loosened.some && total > 0 && total < least;
};

const howMany = (count: number): string =>
  count === 0 ? 'No conversation has' : `Only ${count} conversation${count === 1 ? ' has' : 's have'}`;

/** Says what was asked for less. */
const loosenedNotes = (
  parsed: ParsedQuery,
  { loosened, strictTotal }: SearchConversationsResult,
): string[] => {
  const { dropped, some } = loosened;
  if (some)
    return [`${howMany(strictTotal)} all of the words; those with some of them follow, the best first.`];
  if (dropped.length === 0) return [];
  const texts = parsed.nodes.filter(isText).map(({ text }) => text);
  const left = dropped.map((place) => texts[place]).join(', ');
  return [`${howMany(strictTotal)} all of the words; left out: ${left.slice(0, 200)}.`];
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
        ...(state
          ? { after: state.after, loosened: state.loosened }
          : { loosening: looseningOf(wantedClauses(query.nodes), order, limit, evenOfNone) }),
      },
      options,
    );
  };
  const atStep = (step: Relaxation): ParsedQuery => (step === 0 ? parsed : (relax(parsed, step) ?? parsed));
  let relaxation: Relaxation = state?.relaxation ?? 0;
  let asked = atStep(relaxation);
  // Of a long sentence so many words are left that pieces of the outer ones would add nothing.
  let found = await find(asked, wanted.length > FEW_WORDS + 1 && order === 'relevance');
  const hadAll = found.strictTotal > 0;
  // A run without spaces is one clause: where too little has it as it stands, its pieces are the words to choose from.
  const pieces = relax(parsed, 3);
  if (state === undefined && pieces && isFew(wanted, order, limit, found)) {
    relaxation = 3;
    asked = pieces;
    found = await find(asked);
  }
  // Where nothing has all of it, pieces of words are tried before whole words are left out.
  for (const step of RELAXATIONS) {
    if (found.total > 0 || state !== undefined) break;
    const looser = relax(parsed, step);
    if (looser === undefined) continue;
    relaxation = step;
    asked = looser;
    found = await find(asked);
  }
  if (found.total === 0 && state === undefined) {
    relaxation = pieces === undefined ? 0 : 3;
    asked = atStep(relaxation);
    found = await find(asked, true);
  }
  if (relaxation !== 0 && !found.loosened.some) notes.add(RELAXATION_NOTES[relaxation]);
  const { loosened, strictTotal } = found;
  if (found.total > 0) for (const note of loosenedNotes(asked, found)) notes.add(note);
  const suggestions =
    hadAll || state !== undefined
      ? []
      : await spellingHints(deps, { workspaceId, parsed, foundNothing: found.total === 0 }, options);
  for (const each of suggestions) notes.add(spellingNote(each));
  const cursorAfter = (index: number): string => {
    const after = found.rows[index]?.position;
    if (after === undefined) throw new AppError('INTERNAL');
    return encodeCursor(cursorKey, boundTo, toFields({ after, relaxation, loosened, bounds }));
  };
  return {
    summary: {
      // Those with all words, where there are any: what is asked for is what is counted.
      total_results: loosened.some && strictTotal > 0 ? strictTotal : found.total,
      ...(found.isCut ? { total_relation: 'at_least' as const } : {}),
      ...(loosened.some ? { partial_results: found.total - strictTotal } : {}),
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
    metadata: {
      ...answerMetadata(facts, { query: text ?? null, filters: applied, timeZone: zone }, [...notes]),
      ...(suggestions.length === 0 ? {} : { suggestions }),
    },
    cursorAfter,
  };
};

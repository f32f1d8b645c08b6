import type { SearchConversationsResult, SearchOrder } from '../data/reads/search-conversations.ts';
import type { Loosening } from '../data/search-index/types.ts';
import { AppError } from '../errors/app-error.ts';
import { systemClock } from '../lib/clock.ts';
import { isUnspacedTerm } from '../lib/text/scripts.ts';
import { decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { QueryDeps } from './deps.ts';
import { FIXED_HITS, keepList } from './hit-lists.ts';
import { listedPage } from './listed-page.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptionsWithin } from './read-options.ts';
import { RELAXATION_NOTES, RELAXATIONS, type Relaxation, relax } from './relax-query.ts';
import { type Conditions, needsNames, NO_NAMES, readConditions } from './search-conditions.ts';
import { fromFields, type SearchCursor, toFields } from './search-cursor.ts';
import { toHit } from './search-hit.ts';
import { isText, type ParsedQuery, parseQuery, type SearchClause, wantedClauses } from './search-grammar.ts';
import { spellingHints, spellingNote } from './spelling-hints.ts';
import { timeBounds, zoneOf } from './time-bounds.ts';
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

const endOfListNote = (total: number): string =>
  `By relevance the first ${FIXED_HITS} of ${total} are listed; narrow the search, or sort by newest or oldest to go through all.`;

/** What a page holds, and how it was asked for. */
interface Outcome {
  readonly asked: ParsedQuery;
  readonly relaxation: Relaxation;
  readonly found: SearchConversationsResult;
  /** Something has all words as they were asked for. */
  readonly hadAll: boolean;
  /** By row its place in the list; undefined on page one, where it is the row's own. */
  readonly places: readonly number[] | undefined;
}

type Find = (query: ParsedQuery, evenOfNone?: boolean) => Promise<SearchConversationsResult>;

/** Asks, and where too little has all of it, asks for less. */
const pageOne = async (
  find: Find,
  parsed: ParsedQuery,
  { limit, order }: { readonly limit: number; readonly order: SearchOrder },
): Promise<Outcome> => {
  const wanted = wantedClauses(parsed.nodes);
  let relaxation: Relaxation = 0;
  let asked = parsed;
  // Of a long sentence so many words are left that pieces of the outer ones would add nothing.
  let found = await find(asked, wanted.length > FEW_WORDS + 1 && order === 'relevance');
  const hadAll = found.strictTotal > 0;
  // A run without spaces is one clause: where too little has it as it stands, its pieces are the words to choose from.
  const pieces = relax(parsed, 3);
  if (pieces && isFew(wanted, order, limit, found)) {
    relaxation = 3;
    asked = pieces;
    found = await find(asked);
  }
  // Where nothing has all of it, pieces of words are tried before whole words are left out.
  for (const step of RELAXATIONS) {
    if (found.total > 0) break;
    const looser = relax(parsed, step);
    if (looser === undefined) continue;
    relaxation = step;
    asked = looser;
    found = await find(asked);
  }
  if (found.total === 0) {
    relaxation = pieces === undefined ? 0 : 3;
    asked = pieces ?? parsed;
    found = await find(asked, true);
  }
  return { asked, relaxation, found, hadAll, places: undefined };
};

/** A further page of what page one found by relevance. */
const nextOfList = async (
  ...[deps, question, options]: Parameters<typeof listedPage>
): Promise<Pick<Outcome, 'found' | 'places'>> => {
  const { hasMore, places, rows } = await listedPage(deps, question, options);
  const { isCut, loosened, strictTotal, total } = question.cursor;
  const list = { docIds: [], scores: [] };
  return { places, found: { total, strictTotal, loosened, isCut, rows, hasMore, list } };
};

/** The same answer, made at the first call. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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
  const options = readOptionsWithin(call);
  const facts = await mirrorFacts(deps, input.workspace, call);
  const workspaceId = facts.workspace.id;
  const zone = zoneOf(input, facts.workspace.time_zone);
  const cursorKey = (await deps.reader.read('readSetting', { name: 'cursor_key' }, options())) ?? '';
  // The workspace counts by its id, however it was named.
  const { cursor: _cursor, limit: _limit, workspace: _workspace, ...question } = input;
  const boundTo = fingerprint(['search', workspaceId, question]);
  const state =
    input.cursor === undefined ? undefined : fromFields(decodeCursor(cursorKey, boundTo, input.cursor));
  const nowMs = (deps.clock ?? systemClock).now();
  const bounds = state ? state.bounds : timeBounds(input, zone, nowMs);
  const vocabulary = needsNames(input, parsed.nodes)
    ? await deps.reader.read('readVocabulary', { workspaceId }, options())
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
  // Without words nothing is more relevant than the rest.
  const sort = input.sort ?? 'relevance';
  const order: SearchOrder = sort === 'relevance' && wanted.length === 0 ? 'newest' : sort;
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
        ...(order === 'relevance' ? { listed: FIXED_HITS } : {}),
        ...(roles === undefined ? {} : { roles }),
        ...(state?.kind === 'time'
          ? { after: state.after, loosened: state.loosened }
          : { loosening: looseningOf(wantedClauses(query.nodes), order, limit, evenOfNone) }),
      },
      options(),
    );
  };
  const atStep = (step: Relaxation): ParsedQuery => (step === 0 ? parsed : (relax(parsed, step) ?? parsed));
  const step = state?.relaxation ?? 0;
  const list = state?.kind === 'list' ? state : undefined;
  const { asked, found, hadAll, places, relaxation } =
    state === undefined
      ? await pageOne(find, parsed, { order, limit })
      : {
          asked: atStep(step),
          relaxation: step,
          hadAll: true,
          places: undefined,
          ...(list === undefined
            ? { found: await find(atStep(step)) }
            : await nextOfList(
                deps,
                { workspaceId, cursor: list, limit, conditions: conditionsOf(atStep(step)) },
                options(),
              )),
        };
  if (relaxation !== 0 && !found.loosened.some) notes.add(RELAXATION_NOTES[relaxation]);
  const { loosened, strictTotal } = found;
  if (found.total > 0) for (const note of loosenedNotes(asked, found)) notes.add(note);
  const counted = loosened.some && strictTotal > 0 ? strictTotal : found.total;
  if (order === 'relevance' && !found.hasMore && counted > FIXED_HITS) notes.add(endOfListNote(counted));
  const suggestions = hadAll
    ? []
    : await spellingHints(deps, { workspaceId, parsed, foundNothing: found.total === 0 }, options());
  for (const each of suggestions) notes.add(spellingNote(each));
  const named = once(() => list?.list ?? keepList(deps, workspaceId, found.list));
  const cursorAfter = (index: number): string => {
    const after = found.rows[index]?.position;
    if (after === undefined) throw new AppError('INTERNAL');
    const { isCut, total } = found;
    const how = { relaxation, loosened, bounds };
    const from = (places?.[index] ?? index) + 1;
    const next: SearchCursor =
      order === 'relevance'
        ? { kind: 'list', list: named(), from, total, strictTotal, isCut, ...how }
        : { kind: 'time', after, ...how };
    return encodeCursor(cursorKey, boundTo, toFields(next));
  };
  return {
    summary: {
      // Those with all words, where there are any: what is asked for is what is counted.
      total_results: counted,
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

import { type Bits, countBits, emptyBits, hasBit } from '../../lib/bytes/bitset.ts';
import type { QueryTerm } from '../../lib/text/analyse.ts';
import type { ReadContext } from '../context.ts';
import { type Matched, type Row, rowsByTime } from './index-rows.ts';
import { IndexSession } from './index-session.ts';
import { filterQueryTerm, holdsSequence, isSequence, type SegmentMatcher } from './match-segment.ts';
import { type Statistics, statisticsOf } from './rank.ts';
import { rowsByScore } from './score-rows.ts';
import type { Segment } from './segment-cache.ts';
import { matchSequence, ROLE_TERMS } from './sequences.ts';
import type { TermReader } from './term-reader.ts';
import {
  type Clause,
  type IndexAnswer,
  type IndexNode,
  type IndexQuery,
  type Loosened,
  wantedClauses,
} from './types.ts';

/** Rows of a page that those with a part may fill. */
const ENOUGH = 100;

/** Every clause of a node, excluded ones, too. */
const clausesOf = (node: IndexNode): readonly Clause[] => {
  if (node.kind === 'not') return clausesOf(node.node);
  return 'nodes' in node ? node.nodes.flatMap(clausesOf) : wantedClauses(node);
};

const filtersOf = (node: IndexNode): readonly string[] => {
  if (node.kind === 'not') return filtersOf(node.node);
  if ('nodes' in node) return node.nodes.flatMap(filtersOf);
  return node.kind === 'terms' ? node.terms : [];
};

/** What of a question is the same for all segments. */
interface Question {
  readonly fixed: IndexNode;
  readonly loose: readonly Clause[];
  readonly roles: number | undefined;
  /** The clauses that rank; none where order is by time. */
  readonly ranked: readonly Clause[];
}

const STRICT: Loosened = { dropped: [], some: false };

/** The whole condition. */
const conditionOf = ({ fixed, loose }: Question, { dropped, some }: Loosened): IndexNode => {
  const clauses = loose
    .filter((_, place) => !dropped.includes(place))
    .map((clause): IndexNode => ({ kind: 'clause', clause }));
  return { kind: 'and', nodes: [fixed, ...(some ? [{ kind: 'or' as const, nodes: clauses }] : clauses)] };
};

/**
 * Answers a question from the index. The loops look at the clock of `context.alive` between segments, so that a question
 * that nobody waits for ends.
 */
export const askIndex = async (
  context: ReadContext,
  query: IndexQuery,
  session: IndexSession,
): Promise<IndexAnswer> => {
  const { reader, segments } = session;
  const { loose, related = [], roles, shares, where: fixed } = query;
  const wanted = [...loose, ...wantedClauses(fixed)];
  const hints = query.order === 'relevance' && query.loosened?.some ? related : [];
  const ranked = query.order === 'relevance' ? [...wanted, ...hints.map(({ clause }) => clause)] : [];
  const question: Question = { fixed, loose, roles, ranked };
  const clauses = [...loose, ...clausesOf(fixed)];
  await reader.load(segments, [...[...clauses, ...ranked].flat(), ...filtersOf(fixed).map(filterQueryTerm)]);
  const matchers = session.matchers(roles);
  const strict = await session.strictly(question, () =>
    matchAll(context, reader, matchers, question, STRICT),
  );
  const loosened = await loosen(context, reader, matchers, query, question, countAll(strict));
  // It is asked again, with what hints beside the words: what ranks now would be thrown away.
  if (loosened.some && query.loosened === undefined && query.order === 'relevance')
    return { total: 0, strictTotal: countAll(strict), loosened, isCut: false, hasMore: false, hits: [] };
  const isStrict = loosened.dropped.length === 0 && !loosened.some;
  const matches = isStrict ? strict : await matchAll(context, reader, matchers, question, loosened);
  const bytes = (match: Matched) => ({ ...match, bytes: bytesOf(reader, match, question) });
  const rows =
    ranked.length === 0
      ? rowsByTime(context, matches, query)
      : await rowsByScore(context, session, withWhole(matches, strict, loosened).map(bytes), query, {
          clauses: wanted,
          ranked,
          statistics: weighed(gatherStatistics(matchers, ranked), [
            ...wanted.map((_, place) => shares?.[place] ?? 1),
            ...hints.map(({ share }) => share),
          ]),
          isBag: shares !== undefined,
          // Where a part is enough, each pair of words says less than the words.
          nearness: loosened.some ? 1 / Math.max(1, wanted.length - 1) : 1,
        });
  return {
    total: countAll(matches),
    strictTotal: countAll(strict),
    loosened,
    isCut: segments.some((segment) => clauses.flat().some((term) => reader.isCut(segment, term))),
    hasMore: hasMore(rows, query.limit, countAll(strict)),
    hits: shown(rows, query.limit, countAll(strict)).map((row) => ({
      score: row.score,
      createdAt: row.createdAt,
      key: row.key,
      docId: row.docId,
      partial: isPartial(row),
      has: shares === undefined ? [] : clausesHeld(row),
    })),
  };
};

const isPartial = ({ match, ordinal }: Row): boolean =>
  match.whole !== undefined && !hasBit(match.whole, ordinal);

/** Behind those with everything, those with a part only fill the page that they end on. */
const hasMore = (rows: readonly Row[], limit: number, strictTotal: number): boolean => {
  const next = rows[limit];
  return next !== undefined && (strictTotal === 0 || !isPartial(next));
};

/** Those with everything, and so many of the others that there are enough. */
const shown = (rows: readonly Row[], limit: number, strictTotal: number): readonly Row[] => {
  const page = rows.slice(0, limit);
  if (strictTotal === 0) return page;
  const whole = page.filter((row) => !isPartial(row)).length;
  return page.slice(0, Math.max(whole, ENOUGH));
};

const countAll = (matches: readonly Matched[]): number =>
  matches.reduce((sum, { matched }) => sum + countBits(matched), 0);

/** Where one clause is enough, which documents have all. */
const withWhole = (
  matches: readonly Matched[],
  strict: readonly Matched[],
  { some }: Loosened,
): readonly Matched[] => {
  if (!some) return matches;
  const bySegment = new Map(strict.map(({ matched, segment }) => [segment, matched]));
  return matches.map((match) => ({
    ...match,
    whole: bySegment.get(match.segment) ?? emptyBits(match.segment.size),
  }));
};

/** What says less counts less. @param shares by clause */
const weighed = ({ averageLength, weights }: Statistics, shares: readonly number[]): Statistics => ({
  averageLength,
  weights: weights.map((weight, place) => weight * (shares[place] ?? 0)),
});

/** Places of the clauses that a row's document has. */
const clausesHeld = ({ match, ordinal }: Row): number[] =>
  match.bytes.flatMap((bytes, place) => (bytes[ordinal] ? [place] : []));

/** How to ask for less, where too little has everything. */
const loosen = async (
  context: ReadContext,
  reader: TermReader,
  matchers: readonly SegmentMatcher[],
  { loosened, loosening }: IndexQuery,
  question: Question,
  strictTotal: number,
): Promise<Loosened> => {
  if (loosened !== undefined) return loosened;
  if (loosening === undefined || question.loose.length < 2 || strictTotal >= loosening.least) return STRICT;
  if (strictTotal === 0 && !loosening.evenOfNone) return STRICT;
  if (loosening.how === 'some') return { dropped: [], some: true };
  const commonest = byFrequency(matchers, question.loose);
  let found: Loosened = STRICT;
  let total = strictTotal;
  for (let count = 1; count < question.loose.length && total < loosening.least; count += 1) {
    found = { dropped: commonest.slice(0, count), some: false };
    total = countAll(await matchAll(context, reader, matchers, question, found));
  }
  return found;
};

/** Places of clauses, the commonest first, and before all of them those that stand nowhere; of equals the later one. */
const byFrequency = (matchers: readonly SegmentMatcher[], clauses: readonly Clause[]): readonly number[] => {
  const frequency = clauses.map((clause) =>
    Math.min(
      ...clause.map((_, term) =>
        matchers.reduce((sum, matcher) => sum + (matcher.frequencies(clause)[term] ?? 0), 0),
      ),
    ),
  );
  const weight = (place: number): number => frequency[place] || Number.POSITIVE_INFINITY;
  return clauses
    .map((_, place) => place)
    .sort((a, b) => (weight(a) === weight(b) ? b - a : weight(b) - weight(a)));
};

const gatherStatistics = (matchers: readonly SegmentMatcher[], ranked: readonly Clause[]): Statistics =>
  statisticsOf(
    matchers.map(({ segment }) => segment),
    matchers.map((matcher) => ranked.map((clause) => matcher.frequencies(clause))),
    ranked,
  );

/** What an index has that a condition holds for, with what else was read of it. */
export interface IndexMatches {
  readonly segments: readonly Segment[];
  readonly reader: TermReader;
  /** The living documents of segments that have any. */
  readonly matches: readonly { readonly segment: Segment; readonly matched: Bits }[];
}

/** The documents that a condition holds for, all of its words and phrases included. */
export const matchIndex = async (
  context: ReadContext,
  { loose, roles, where, workspaceId }: Pick<IndexQuery, 'workspaceId' | 'where' | 'loose' | 'roles'>,
): Promise<IndexMatches> => {
  const session = await IndexSession.open(context, workspaceId);
  const { reader, segments } = session;
  const terms = [...loose, ...clausesOf(where)].flat();
  await reader.load(segments, [...terms, ...filtersOf(where).map(filterQueryTerm)]);
  const matchers = session.matchers(roles);
  const question: Question = { fixed: where, loose, roles, ranked: [] };
  return { segments, reader, matches: await matchAll(context, reader, matchers, question, STRICT) };
};

/** The documents of each segment that the question holds for, with what ranking needs. Segments without one are left out. */
const matchAll = async (
  context: ReadContext,
  reader: TermReader,
  matchers: readonly SegmentMatcher[],
  question: Question,
  loosened: Loosened,
): Promise<readonly Matched[]> => {
  const { loose, roles } = question;
  const where = conditionOf(question, loosened);
  const hopeful = matchers.flatMap((matcher) => {
    context.alive();
    const matched = matcher.candidates(where);
    return countBits(matched) > 0 ? [{ segment: matcher.segment, matcher, matched }] : [];
  });
  const sequences = [...loose, ...clausesOf(question.fixed)].filter(isSequence);
  if (sequences.length > 0) {
    const markers = roles === undefined ? [] : ROLE_TERMS;
    const segments = hopeful.map(({ segment }) => segment);
    await reader.load(segments, markers);
    await reader.loadPositions(segments, [...sequences.flat(), ...markers]);
  }
  const isExact = !holdsSequence(where);
  return hopeful.flatMap(({ matched, matcher, segment }) => {
    context.alive();
    if (!isExact) matcher.keepExact(where, matched);
    return countBits(matched) === 0 ? [] : [{ segment, matcher, matched, whole: undefined, bytes: [] }];
  });
};

/** By clause that ranks, what its documents are scored by. */
const bytesOf = (
  reader: TermReader,
  { matched, matcher, segment }: Matched,
  { ranked, roles }: Question,
): readonly Uint8Array[] =>
  ranked.map((clause) =>
    isSequence(clause)
      ? matchSequence(reader, segment, clause, matched, roles).bytes
      : matcher.bytesOf(clause[0] as QueryTerm),
  );

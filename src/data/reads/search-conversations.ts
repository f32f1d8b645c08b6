import type { AuthorRole } from '../../lib/author-role.ts';
import type { ReadContext } from '../context.ts';
import type { SearchNode } from '../search-filter.ts';
import { askIndex } from '../search-index/ask-index.ts';
import type { HitList } from '../search-index/hit-list.ts';
import { IndexSession } from '../search-index/index-session.ts';
import { roleBit } from '../search-index/posting-bytes.ts';
import {
  type Clause,
  type IndexAnswer,
  type IndexQuery,
  type Loosened,
  type Loosening,
  type SearchOrder,
  type SearchPosition,
  wantedClauses,
} from '../search-index/types.ts';
import { hitDetails, type HitDetails } from './hit-details.ts';
import { FEEDBACK, relatedForms, relatedWords } from './related-clauses.ts';
import { toIndexNode } from './resolve-filters.ts';

export type { SearchOrder, SearchPosition };

export interface SearchConversationsArgs {
  readonly workspaceId: string;
  /** What must hold whatever happens. */
  readonly where: SearchNode;
  /** Words and phrases that must occur, too, and rank; see `IndexQuery`. */
  readonly loose?: readonly Clause[];
  readonly loosening?: Loosening;
  readonly loosened?: Loosened;
  /** Whose messages count for words and phrases; absent: everybody's. */
  readonly roles?: readonly AuthorRole[];
  readonly order: SearchOrder;
  readonly limit: number;
  readonly after?: SearchPosition;
  /** By relevance: so many hits from the first on are told beside the rows, for the pages that follow. */
  readonly listed?: number;
}

export interface SearchRow extends HitDetails {
  readonly position: SearchPosition;
  /** It has some of `loose` only. */
  readonly partial: boolean;
}

export interface SearchConversationsResult {
  /** Exact, unless `isCut`. */
  readonly total: number;
  /** With all of `loose`. */
  readonly strictTotal: number;
  readonly loosened: Loosened;
  /** There may be more: a piece of a word stands in too many words. */
  readonly isCut: boolean;
  readonly rows: readonly SearchRow[];
  readonly hasMore: boolean;
  /** What the pages go through, the rows included; empty unless `listed`. */
  readonly list: HitList;
}

/**
 * Conversations of which a condition holds, in one order, from one position on. The order is total, so that a position
 * names one row; totals are exact.
 */
export const searchConversations = async (
  context: ReadContext,
  args: SearchConversationsArgs,
): Promise<SearchConversationsResult> => {
  const { listed = 0, loose = [], roles, where: asked, ...query } = args;
  const where = await toIndexNode(context, args.workspaceId, asked);
  const question: IndexQuery = {
    ...query,
    limit: Math.max(query.limit, listed),
    where,
    loose,
    ...(roles === undefined ? {} : { roles: roles.reduce((bits, role) => bits | roleBit(role), 0) }),
  };
  const session = await IndexSession.open(context, args.workspaceId);
  const answer = await askAgain(context, question, await askIndex(context, question, session), session);
  // Of those with a part of the words no more than what fills the page follow those with all.
  const { strictTotal } = answer;
  const isFilled = answer.loosened.some && strictTotal > 0;
  const hits = isFilled ? answer.hits.slice(0, Math.max(query.limit, strictTotal)) : answer.hits;
  const page = hits.slice(0, query.limit);
  const details = await hitDetails(
    context,
    args.workspaceId,
    page.map((hit) => hit.docId),
    { clauses: [...loose, ...wantedClauses(where)], ...(roles === undefined ? {} : { roles }) },
  );
  const rows = page.flatMap(({ has: _has, partial, ...position }) => {
    const detail = details.get(position.docId);
    return detail === undefined ? [] : [{ ...detail, position, partial }];
  });
  const { isCut, loosened, total } = answer;
  const hasMore = listed > 0 ? hits.length > page.length : answer.hasMore;
  const list = listed > 0 ? listOf(hits) : { docIds: [], scores: [] };
  return { total, strictTotal, loosened, isCut, hasMore, rows, list };
};

const listOf = (hits: IndexAnswer['hits']): HitList => ({
  docIds: hits.map(({ docId }) => docId),
  scores: hits.map(({ score }) => score ?? 0),
});

/** Where one word is enough, what the best of the first answer have in common tells them from the rest. */
const askAgain = async (
  context: ReadContext,
  question: IndexQuery,
  first: IndexAnswer,
  session: IndexSession,
): Promise<IndexAnswer> => {
  if (!first.loosened.some || question.order !== 'relevance') return first;
  const { loosened } = first;
  const forms = relatedForms(question.loose);
  // The same on every page: what hints is taken from the first one.
  const { after: _after, ...fromTheTop } = question;
  const best = await askIndex(context, { ...fromTheTop, limit: FEEDBACK, loosened, related: forms }, session);
  const words = await relatedWords(context, question.workspaceId, question.loose, best.hits, session);
  return askIndex(context, { ...question, loosened, related: [...forms, ...words] }, session);
};

import type { AuthorRole } from '../../lib/author-role.ts';
import type { ReadContext } from '../context.ts';
import type { SearchNode } from '../search-filter.ts';
import { askIndex } from '../search-index/ask-index.ts';
import { roleBit } from '../search-index/posting-bytes.ts';
import { type Clause, type SearchOrder, type SearchPosition, wantedClauses } from '../search-index/types.ts';
import { hitDetails, type HitDetails } from './hit-details.ts';
import { toIndexNode } from './resolve-filters.ts';

export type { SearchOrder, SearchPosition };

export interface SearchConversationsArgs {
  readonly workspaceId: string;
  /** What must hold whatever happens. */
  readonly where: SearchNode;
  /** Words and phrases that must occur, too, and rank; see `IndexQuery`. */
  readonly loose?: readonly Clause[];
  readonly least?: number;
  readonly evenOfNone?: boolean;
  readonly dropped?: readonly number[];
  /** Whose messages count for words and phrases; absent: everybody's. */
  readonly roles?: readonly AuthorRole[];
  readonly order: SearchOrder;
  readonly limit: number;
  readonly after?: SearchPosition;
}

export interface SearchRow extends HitDetails {
  readonly position: SearchPosition;
}

export interface SearchConversationsResult {
  /** Exact, unless `isCut`. */
  readonly total: number;
  /** With all of `loose`. */
  readonly strictTotal: number;
  /** Places in `loose` that were left out, since too little had all of them. */
  readonly dropped: readonly number[];
  /** There may be more: a piece of a word stands in too many words. */
  readonly isCut: boolean;
  readonly rows: readonly SearchRow[];
  readonly hasMore: boolean;
}

/**
 * Conversations of which a condition holds, in one order, from one position on. The order is total, so that a position
 * names one row; totals are exact.
 */
export const searchConversations = async (
  context: ReadContext,
  args: SearchConversationsArgs,
): Promise<SearchConversationsResult> => {
  const { loose = [], roles, where: asked, ...query } = args;
  const where = await toIndexNode(context, args.workspaceId, asked);
  const answer = await askIndex(context, {
    ...query,
    where,
    loose,
    ...(roles === undefined ? {} : { roles: roles.reduce((bits, role) => bits | roleBit(role), 0) }),
  });
  const details = await hitDetails(
    context,
    args.workspaceId,
    answer.hits.map((hit) => hit.docId),
    { clauses: [...loose, ...wantedClauses(where)], ...(roles === undefined ? {} : { roles }) },
  );
  const rows = answer.hits.flatMap((position) => {
    const detail = details.get(position.docId);
    return detail === undefined ? [] : [{ ...detail, position }];
  });
  const { dropped, hasMore, isCut, strictTotal, total } = answer;
  return { total, strictTotal, dropped, isCut, hasMore, rows };
};

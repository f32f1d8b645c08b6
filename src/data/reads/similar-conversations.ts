import type { ReadContext } from '../context.ts';
import type { SearchNode } from '../search-filter.ts';
import { askIndex } from '../search-index/ask-index.ts';
import { IndexSession } from '../search-index/index-session.ts';
import { filterQueryTerm } from '../search-index/match-segment.ts';
import { type TellingTerm, tellingTerms } from '../search-index/telling-terms.ts';
import type { IndexNode, IndexQuery } from '../search-index/types.ts';
import { unpackThread } from '../thread-codec.ts';
import { hitDetails } from './hit-details.ts';
import { toIndexNode } from './resolve-filters.ts';
import type { SearchRow } from './search-conversations.ts';

export type { TellingTerm };

export interface SimilarConversationsArgs {
  readonly workspaceId: string;
  /** Of the conversation that others are to be like. */
  readonly id: string;
  readonly where: SearchNode;
  readonly limit: number;
}

export interface SimilarRow extends SearchRow {
  /** Those of the telling terms that it has, the most telling first. */
  readonly sharedTerms: readonly string[];
}

export interface SimilarConversationsResult {
  readonly terms: readonly TellingTerm[];
  /** So many of the terms each has at least. */
  readonly least: number;
  /** Exact. */
  readonly total: number;
  readonly rows: readonly SimilarRow[];
  readonly hasMore: boolean;
}

/** One shared term of so many is enough; of fewer one. */
const TERMS_PER_SHARED = 5;

/**
 * Conversations that share telling terms with one, the most alike first; null when the mirror does not have it. It does not
 * stand among them.
 */
export const similarConversations = async (
  context: ReadContext,
  { id, limit, where, workspaceId }: SimilarConversationsArgs,
): Promise<SimilarConversationsResult | null> => {
  const found = await context.db
    .selectFrom('conversations as c')
    .leftJoin('conversation_contents as t', (join) =>
      join.onRef('t.workspace_id', '=', 'c.workspace_id').onRef('t.doc_id', '=', 'c.doc_id'),
    )
    .select(['c.doc_id', 't.thread'])
    .where('c.workspace_id', '=', workspaceId)
    .where('c.id', '=', id)
    .where('c.deleted_at', 'is', null)
    .executeTakeFirst();
  if (found === undefined) return null;
  const terms =
    found.thread === null ? [] : await tellingTerms(context, workspaceId, unpackThread(found.thread));
  const least = Math.max(1, Math.ceil(terms.length / TERMS_PER_SHARED));
  if (terms.length === 0) return { terms, least, total: 0, rows: [], hasMore: false };
  const clauses = terms.map(({ term }) => [filterQueryTerm(term)]);
  const nodes = clauses.map((clause): IndexNode => ({ kind: 'clause', clause }));
  const question: IndexQuery = {
    workspaceId,
    where: {
      kind: 'and',
      nodes: [
        { kind: 'atLeast', count: least, nodes },
        await toIndexNode(context, workspaceId, where),
        { kind: 'not', node: { kind: 'docs', docIds: [found.doc_id] } },
      ],
    },
    loose: [],
    shares: terms.map(({ share }) => share),
    order: 'relevance',
    limit,
  };
  const answer = await askIndex(context, question, await IndexSession.open(context, workspaceId));
  const details = await hitDetails(
    context,
    workspaceId,
    answer.hits.map(({ docId }) => docId),
    { clauses },
  );
  const rows = answer.hits.flatMap(({ has, partial, ...position }): SimilarRow[] => {
    const detail = details.get(position.docId);
    const sharedTerms = has.flatMap((place) => terms[place]?.term ?? []);
    return detail === undefined ? [] : [{ ...detail, position, partial, sharedTerms }];
  });
  return { terms, least, total: answer.total, rows, hasMore: answer.hasMore };
};

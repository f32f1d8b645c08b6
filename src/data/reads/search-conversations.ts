import type { ReadContext } from '../context.ts';
import { askIndex } from '../search-index/ask-index.ts';
import {
  type Clause,
  filterTerm,
  type IndexQuery,
  type SearchOrder,
  type SearchPosition,
  type SearchTimeField,
} from '../search-index/types.ts';
import { hitDetails, type HitDetails } from './hit-details.ts';

export type { SearchOrder, SearchPosition };

export interface SearchFilters {
  readonly state?: string;
  /** Ids of tags; any of them. An empty list matches nothing. */
  readonly tagIds?: readonly string[];
  /** Lower-cased address. */
  readonly emailKey?: string;
  readonly teamAssigneeId?: string;
  readonly adminAssigneeId?: string;
  readonly ids?: readonly string[];
  /** Half-open span in Unix seconds. */
  readonly time?: { readonly field: SearchTimeField; readonly start?: number; readonly end?: number };
}

export interface SearchConversationsArgs {
  readonly workspaceId: string;
  /** All of them must occur in the conversation; none: filters only. */
  readonly clauses: readonly Clause[];
  readonly filters: SearchFilters;
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
  /** There may be more: a piece of a word stands in too many words. */
  readonly isCut: boolean;
  readonly rows: readonly SearchRow[];
  readonly hasMore: boolean;
}

/**
 * Conversations that have all clauses and pass the filters, in one order, from one position on. The order is total, so
 * that a position names one row; totals are exact.
 */
export const searchConversations = async (
  context: ReadContext,
  args: SearchConversationsArgs,
): Promise<SearchConversationsResult> => {
  const { clauses, workspaceId } = args;
  const answer = await askIndex(context, await toIndexQuery(context, args));
  const details = await hitDetails(
    context,
    workspaceId,
    answer.hits.map((hit) => hit.docId),
    clauses,
  );
  const rows = answer.hits.flatMap((position) => {
    const detail = details.get(position.docId);
    return detail === undefined ? [] : [{ ...detail, position }];
  });
  return { total: answer.total, isCut: answer.isCut, hasMore: answer.hasMore, rows };
};

const toIndexQuery = async (context: ReadContext, args: SearchConversationsArgs): Promise<IndexQuery> => {
  const { after, clauses, filters, limit, order, workspaceId } = args;
  const { adminAssigneeId, emailKey, ids, state, tagIds, teamAssigneeId, time } = filters;
  const groups: string[][] = [];
  if (state !== undefined) groups.push([filterTerm('state', state)]);
  if (adminAssigneeId !== undefined) groups.push([filterTerm('admin', adminAssigneeId)]);
  if (teamAssigneeId !== undefined) groups.push([filterTerm('team', teamAssigneeId)]);
  if (tagIds !== undefined) groups.push(tagIds.map((id) => filterTerm('tag', id)));
  if (emailKey !== undefined) {
    const contacts = await contactIds(context, workspaceId, emailKey);
    groups.push(contacts.map((id) => filterTerm('contact', id)));
  }
  return {
    workspaceId,
    clauses,
    filters: groups,
    order,
    limit,
    ...(ids === undefined ? {} : { docIds: await docIdsOf(context, workspaceId, ids) }),
    ...(time === undefined ? {} : { time }),
    ...(after === undefined ? {} : { after }),
  };
};

/** Contacts with this address; several leads may share one. */
const contactIds = async ({ db }: ReadContext, workspaceId: string, emailKey: string): Promise<string[]> => {
  const rows = await db
    .selectFrom('contacts')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('email_key', '=', emailKey)
    .execute();
  return withAliases(
    db,
    workspaceId,
    rows.map((row) => row.id),
  );
};

/** Conversations keep the id of a contact that was merged, or have the new one: both mean the same person (TRAPS T47). */
const withAliases = async (
  db: ReadContext['db'],
  workspaceId: string,
  ids: readonly string[],
): Promise<string[]> => {
  if (ids.length === 0) return [];
  const targets = await db
    .selectFrom('contact_aliases')
    .select('contact_id')
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  const all = [...new Set([...ids, ...targets.map((row) => row.contact_id)])];
  const sources = await db
    .selectFrom('contact_aliases')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('contact_id', 'in', all)
    .execute();
  return [...new Set([...all, ...sources.map((row) => row.id)])];
};

const docIdsOf = async (
  { db }: ReadContext,
  workspaceId: string,
  ids: readonly string[],
): Promise<number[]> => {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('conversations')
    .select('doc_id')
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return rows.map((row) => row.doc_id);
};

import { sql, type SelectQueryBuilder } from 'kysely';
import type { Clause, ReadContext } from '../context.ts';
import type { Schema } from '../schema.ts';
import { hitDetails, type HitDetails } from './hit-details.ts';

export type SearchTimeField = 'created_at' | 'updated_at' | 'closed_at' | 'message_at';

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

export type SearchOrder = 'relevance' | 'newest' | 'oldest';

/** Where the page before ended: the row's own sort values. */
export interface SearchPosition {
  readonly score: number | null;
  readonly createdAt: number;
  readonly id: string;
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
  /** Exact. */
  readonly total: number;
  readonly rows: readonly SearchRow[];
  readonly hasMore: boolean;
}

type Base = SelectQueryBuilder<Schema & { c: Schema['conversations'] }, 'c', object>;

/**
 * Conversations that have all clauses and pass the filters, in one order, from one position on. The order is total
 * (score, created_at, id), so that a position names one row on either engine.
 */
export const searchConversations = async (
  context: ReadContext,
  args: SearchConversationsArgs,
): Promise<SearchConversationsResult> => {
  const { db, flavor } = context;
  const scored = args.order === 'relevance' && args.clauses.length > 0;
  const matching = (withScore: boolean) => {
    const base = db
      .selectFrom('conversations as c')
      .where('c.workspace_id', '=', args.workspaceId)
      .where('c.deleted_at', 'is', null)
      .where(flavor.alive()) as unknown as Base;
    const filtered = applyFilters(base, args.workspaceId, args.filters);
    return args.clauses.length === 0
      ? filtered
      : (filtered.innerJoin(
          () => flavor.candidates(args.clauses, withScore) as never,
          (join) => join.on(sql<boolean>`hit.doc_id = c.doc_id`),
        ) as unknown as Base);
  };
  const counted = await matching(false)
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const total = Number(counted.total);
  if (total === 0) return { total, rows: [], hasMore: false };
  const score = scored ? sql<number>`hit.score` : sql<number>`0`;
  let page = matching(scored).select(['c.id', 'c.created_at', score.as('score')]);
  if (args.after) page = page.where(afterPosition(args.after, args.order, scored));
  if (scored) page = page.orderBy(score, 'desc');
  const direction = args.order === 'oldest' ? 'asc' : 'desc';
  const found = await page
    .orderBy('c.created_at', direction)
    .orderBy('c.id', direction)
    .limit(args.limit + 1)
    .execute();
  const shown = found.slice(0, args.limit);
  const details = await hitDetails(
    context,
    args.workspaceId,
    shown.map((row) => row.id),
    args.clauses,
  );
  return {
    total,
    hasMore: found.length > args.limit,
    rows: shown.flatMap((row) => {
      const detail = details.get(row.id);
      if (detail === undefined) return [];
      const position = {
        score: scored ? Number(row.score) : null,
        createdAt: Number(row.created_at),
        id: row.id,
      };
      return [{ ...detail, position }];
    }),
  };
};

const afterPosition = (after: SearchPosition, order: SearchOrder, scored: boolean) => {
  const byTime =
    order === 'oldest'
      ? sql<boolean>`(c.created_at, c.id) > (${after.createdAt}, ${after.id})`
      : sql<boolean>`(c.created_at, c.id) < (${after.createdAt}, ${after.id})`;
  if (!scored || after.score === null) return byTime;
  return sql<boolean>`(hit.score < ${after.score} or (hit.score = ${after.score} and ${byTime}))`;
};

const applyFilters = (query: Base, workspaceId: string, filters: SearchFilters): Base => {
  let filtered = query;
  if (filters.state !== undefined) filtered = filtered.where('c.state', '=', filters.state);
  if (filters.teamAssigneeId !== undefined) {
    filtered = filtered.where('c.team_assignee_id', '=', filters.teamAssigneeId);
  }
  if (filters.adminAssigneeId !== undefined) {
    filtered = filtered.where('c.admin_assignee_id', '=', filters.adminAssigneeId);
  }
  if (filters.ids !== undefined) filtered = filtered.where('c.id', 'in', inList(filters.ids));
  const { tagIds, emailKey, time } = filters;
  if (tagIds !== undefined) {
    filtered = filtered.where('c.id', 'in', (eb) =>
      eb
        .selectFrom('conversation_tags as t')
        .select('t.conversation_id')
        .where('t.workspace_id', '=', workspaceId)
        .where('t.tag_id', 'in', inList(tagIds)),
    );
  }
  if (emailKey !== undefined) {
    filtered = filtered.where('c.id', 'in', (eb) =>
      eb
        .selectFrom('conversation_contacts as cc')
        .innerJoin('contacts as p', (join) =>
          join.onRef('p.workspace_id', '=', 'cc.workspace_id').onRef('p.id', '=', 'cc.contact_id'),
        )
        .select('cc.conversation_id')
        .where('cc.workspace_id', '=', workspaceId)
        .where('p.email_key', '=', emailKey),
    );
  }
  if (time?.start !== undefined) filtered = filtered.where(`c.${time.field}`, '>=', time.start);
  if (time?.end !== undefined) filtered = filtered.where(`c.${time.field}`, '<', time.end);
  return filtered;
};

/** `in ()` is not SQL on either engine; no id equals the empty string. */
const inList = (values: readonly string[]): readonly string[] => (values.length === 0 ? [''] : values);

import { sql } from 'kysely';
import type { ReadContext } from '../context.ts';
import { unpackText } from '../payload-codec.ts';
import { evaluationsOf, type StoredEvaluation } from './evaluations.ts';

export interface ExportPageArgs {
  readonly workspaceId: string;
  /** Conversations behind this one, in the order (created_at, id). */
  readonly after?: { readonly createdAt: number; readonly id: string };
  readonly limit: number;
  /** Only those changed at or after this time, Unix seconds of updated_at. */
  readonly since?: number;
  /** Deleted ones too. */
  readonly deleted: boolean;
}

export interface ExportRow {
  readonly id: string;
  readonly createdAt: number;
  /** Intercom's JSON, character for character. */
  readonly payload: string;
  /** JSON of a later listing whose fields are newer than the payload's; it has no parts. */
  readonly head: string | null;
  /** JSON array of parts that the payload no longer holds, oldest first. */
  readonly olderParts: string | null;
  /** Intercom's JSON of what QA found. */
  readonly monitorEvaluations: readonly string[];
  readonly scorecards: readonly string[];
  readonly hydrated: boolean;
  readonly partsTruncated: boolean;
  /** Unix seconds. */
  readonly deletedAt: number | null;
  readonly fetchedAt: number;
}

/** A page of conversations in export order. Keyset, so that memory stays flat at any size. */
export const exportPage = async (
  context: ReadContext,
  args: ExportPageArgs,
): Promise<readonly ExportRow[]> => {
  const { db, flavor } = context;
  let query = db
    .selectFrom('conversations as c')
    .innerJoin('conversation_contents as p', (join) =>
      join.onRef('p.workspace_id', '=', 'c.workspace_id').onRef('p.doc_id', '=', 'c.doc_id'),
    )
    .select([
      'c.id',
      'c.created_at',
      'c.hydrated',
      'c.parts_truncated',
      'c.deleted_at',
      'c.fetched_at',
      'p.payload',
      'p.head',
      'p.older_parts',
    ])
    .where('c.workspace_id', '=', args.workspaceId)
    .where(flavor.alive());
  if (!args.deleted) query = query.where('c.deleted_at', 'is', null);
  if (args.since !== undefined) query = query.where('c.updated_at', '>=', args.since);
  const { after } = args;
  if (after) query = query.where(sql<boolean>`(c.created_at, c.id) > (${after.createdAt}, ${after.id})`);
  const rows = await query.orderBy('c.created_at').orderBy('c.id').limit(args.limit).execute();
  const ids = rows.map((row) => row.id);
  const monitors = await evaluationsOf(context, args.workspaceId, 'conversation_monitor_evaluations', ids);
  const scorecards = await evaluationsOf(context, args.workspaceId, 'conversation_scorecards', ids);
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at,
    payload: unpackText(row.payload),
    head: row.head === null ? null : unpackText(row.head),
    olderParts: row.older_parts === null ? null : unpackText(row.older_parts),
    monitorEvaluations: jsonOf(monitors.get(row.id)),
    scorecards: jsonOf(scorecards.get(row.id)),
    hydrated: row.hydrated === 1,
    partsTruncated: row.parts_truncated === 1,
    deletedAt: row.deleted_at,
    fetchedAt: row.fetched_at,
  }));
};

const jsonOf = (evaluations: readonly StoredEvaluation[] = []): readonly string[] =>
  evaluations.map(({ json }) => json);

import type { AuthorRole } from '../../lib/author-role.ts';
import type { ReadContext } from '../context.ts';
import { unindexed } from '../unindexed.ts';
import type { Clause } from '../search-index/types.ts';
import { type HitDetails, hitDetails } from './hit-details.ts';

export interface ListedConversationsArgs {
  readonly workspaceId: string;
  /** In the order in which they are shown; at most 1,000. */
  readonly docIds: readonly number[];
  readonly limit: number;
  /** What the best message of each is chosen by. */
  readonly clauses: readonly Clause[];
  readonly roles?: readonly AuthorRole[];
}

export interface ListedConversations {
  readonly rows: readonly (HitDetails & {
    /** Its place in `docIds`. */
    readonly place: number;
  })[];
  /** One that exists follows behind the last row. */
  readonly hasMore: boolean;
}

const IDS_PER_STATEMENT = 500;

/** The first of these conversations that still exist. */
export const listedConversations = async (
  context: ReadContext,
  { clauses, docIds, limit, roles, workspaceId }: ListedConversationsArgs,
): Promise<ListedConversations> => {
  const existing = new Set<number>();
  for (let start = 0; start < docIds.length; start += IDS_PER_STATEMENT) {
    context.alive();
    const rows = await context.db
      .selectFrom('conversations')
      .select('doc_id')
      .where(unindexed('workspace_id'), '=', workspaceId)
      .where('doc_id', 'in', docIds.slice(start, start + IDS_PER_STATEMENT))
      .where('deleted_at', 'is', null)
      .execute();
    for (const row of rows) existing.add(row.doc_id);
  }
  const places = docIds.flatMap((docId, place) => (existing.has(docId) ? [place] : []));
  const shown = places.slice(0, limit);
  const details = await hitDetails(
    context,
    workspaceId,
    shown.flatMap((place) => docIds[place] ?? []),
    { clauses, ...(roles === undefined ? {} : { roles }) },
  );
  const rows = shown.flatMap((place) => {
    const detail = details.get(docIds[place] ?? 0);
    return detail === undefined ? [] : [{ ...detail, place }];
  });
  return { rows, hasMore: places.length > limit };
};

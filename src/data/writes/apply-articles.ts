import type { WriteContext } from '../context.ts';
import { packPayload } from '../payload-codec.ts';
import { assertFence, type Fence } from './fence.ts';
import { dequeue, type FetchFailure, noteFailures } from './fetch-queue.ts';
import { markDeleted } from './mark-deleted.ts';
import { changeCounts } from './mirror-counts.ts';
import type { IncomingRow } from './replace-small-table.ts';
import { storedTimes } from './stored-times.ts';
import { upsertRows } from './upsert-rows.ts';

const ENTITY = 'articles';

export interface ApplyArticleObjectsArgs {
  readonly fence: Fence;
  /** Answers of GET /articles/{id}. */
  readonly articles: readonly IncomingRow[];
  readonly failures: readonly FetchFailure[];
  readonly confirmAfterMs: number;
  /** Server time of the answers, and of a deletion that is confirmed now, Unix seconds. */
  readonly fetchedAt: number;
}

/**
 * Stores articles that were asked for one by one and takes them off the queue; those that Intercom twice did not have are
 * marked as deleted. Which listing showed them last stays as it is.
 */
export const applyArticleObjects = async (
  context: WriteContext,
  args: ApplyArticleObjectsArgs,
): Promise<void> => {
  const { confirmAfterMs, failures, fence, fetchedAt } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  const articles = new Map(args.articles.map((row) => [String(row.columns.id), row]));
  const known = await storedTimes(context.db, ENTITY, workspaceId, [...articles.keys()]);
  await upsertRows(
    context.db,
    ENTITY,
    ['workspace_id', 'id'],
    [...articles.values()].map(({ columns, payload }) => ({
      workspace_id: workspaceId,
      ...columns,
      payload: packPayload(payload),
      fetched_at: fetchedAt,
      deleted_at: null,
    })),
  );
  const appeared = [...articles.keys()].filter((id) => known.get(id)?.deleted_at !== null);
  await changeCounts(context, workspaceId, ENTITY, { stored: appeared.length, hydrated: 0 });
  const gone = await noteFailures(context, workspaceId, ENTITY, failures, confirmAfterMs);
  await markDeleted(context, ENTITY, workspaceId, gone, fetchedAt);
  await dequeue(context.db, workspaceId, ENTITY, [...articles.keys(), ...gone]);
};

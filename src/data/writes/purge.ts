import type { WriteContext } from '../context.ts';
import type { QueuedPurge } from '../reads/list-purges.ts';
import { lockIndex, rewriteWithout } from '../search-index/write-index.ts';
import { assertFence, type Fence } from './fence.ts';

/**
 * Writes one segment of the search index anew that still holds a text which was taken back. One a call, so that other
 * writes come in between. @returns false when there is none left
 */
export const purgeSearchIndex = async (
  context: WriteContext,
  args: { readonly fence: Fence; readonly docIds: readonly number[] },
): Promise<boolean> => {
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  await lockIndex(context, workspaceId);
  return rewriteWithout(context, workspaceId, args.docIds);
};

/** The files were wiped after the index: nothing of these texts is left. What was taken back meanwhile stays queued. */
export const finishPurge = async (
  context: WriteContext,
  args: { readonly fence: Fence; readonly purges: readonly QueuedPurge[] },
): Promise<void> => {
  await assertFence(context, args.fence);
  for (const { docId, times } of args.purges) {
    await context.db
      .deleteFrom('purge_queue')
      .where('workspace_id', '=', args.fence.workspaceId)
      .where('doc_id', '=', docId)
      .where('times', '=', times)
      .execute();
  }
};

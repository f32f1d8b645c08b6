import type { WriteContext } from '../context.ts';
import { lockIndex, mergeDue } from '../search-index/write-index.ts';
import { assertFence, type Fence } from './fence.ts';

/** Does the merges of the search index that are too large to go along with a write. */
export const mergeSearchIndex = async (
  context: WriteContext,
  args: { readonly fence: Fence },
): Promise<void> => {
  await assertFence(context, args.fence);
  await lockIndex(context, args.fence.workspaceId);
  await mergeDue(context, args.fence.workspaceId, Number.POSITIVE_INFINITY);
};

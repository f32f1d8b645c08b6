import type { WriteContext } from '../context.ts';
import { lockIndex, mergeNext } from '../search-index/write-index.ts';
import { assertFence, type Fence } from './fence.ts';

/**
 * Does the next merge of the search index, one too large to go along with a write. One a call: other writes, the renewal
 * of the lease among them, come in between.
 * @returns true when another one is due
 */
export const mergeSearchIndex = async (
  context: WriteContext,
  args: { readonly fence: Fence },
): Promise<boolean> => {
  await assertFence(context, args.fence);
  await lockIndex(context, args.fence.workspaceId);
  return mergeNext(context, args.fence.workspaceId);
};

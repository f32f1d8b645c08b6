import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';

/** Lets everything that waits after failures be tried now; what went wrong is not forgotten. */
export const releaseParked = async (
  context: WriteContext,
  args: { readonly fence: Fence },
): Promise<void> => {
  await assertFence(context, args.fence);
  await context.db
    .updateTable('fetch_queue')
    .set({ not_before: 0 })
    .where('workspace_id', '=', args.fence.workspaceId)
    .where('attempts', '>', 0)
    .execute();
};

import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';

/** A new run tries again what an earlier one gave up on. */
export const unparkQueue = async (context: WriteContext, args: { readonly fence: Fence }): Promise<void> => {
  const { db } = context;
  await assertFence(context, args.fence);
  await db
    .updateTable('hydration_queue')
    .set({ attempts: 0, not_before: 0 })
    .where('workspace_id', '=', args.fence.workspaceId)
    .where('attempts', '>', 0)
    .execute();
};

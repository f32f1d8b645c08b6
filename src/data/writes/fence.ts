import { AppError } from '../../errors/app-error.ts';
import type { WriteContext } from '../context.ts';

/** Which lease a sync write was made under. */
export interface Fence {
  readonly workspaceId: string;
  readonly epoch: number;
}

/**
 * Refuses the write of a process that lost its lease while it was paused; checked in the same transaction as the rows.
 * Nobody can take the lease over before that transaction ends.
 * @throws AppError SYNC_LEASE_LOST
 */
export const assertFence = async ({ db, flavor }: WriteContext, fence: Fence): Promise<void> => {
  let query = db.selectFrom('sync_leases').select('epoch').where('workspace_id', '=', fence.workspaceId);
  if (flavor.locksRows) query = query.forShare();
  const lease = await query.executeTakeFirst();
  if (lease?.epoch !== fence.epoch) throw new AppError('SYNC_LEASE_LOST');
};

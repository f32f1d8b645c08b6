import { AppError } from '../../errors/app-error.ts';
import type { WriteDb } from '../context.ts';

/** Which lease a sync write was made under. */
export interface Fence {
  readonly workspaceId: string;
  readonly epoch: number;
}

/**
 * Refuses the write of a process that lost its lease while it was paused; checked in the same transaction as the rows.
 * @throws AppError SYNC_LEASE_LOST
 */
export const assertFence = async (db: WriteDb, fence: Fence): Promise<void> => {
  const lease = await db
    .selectFrom('sync_leases')
    .select('epoch')
    .where('workspace_id', '=', fence.workspaceId)
    .executeTakeFirst();
  if (lease?.epoch !== fence.epoch) throw new AppError('SYNC_LEASE_LOST');
};

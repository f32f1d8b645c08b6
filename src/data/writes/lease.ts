import { sql } from 'kysely';
import type { WriteContext } from '../context.ts';

export interface AcquireLeaseArgs {
  readonly workspaceId: string;
  readonly holder: string;
  readonly ttlMs: number;
  /** A holder that the caller knows to be dead: its lease is taken at once. */
  readonly deadHolder?: string;
}

export type LeaseAnswer =
  | { readonly acquired: true; readonly epoch: number }
  | { readonly acquired: false; readonly epoch: number; readonly holder: string | null };

/**
 * Takes the workspace's lease when it is free or has run out, by the database's clock; the epoch rises with each
 * takeover.
 */
export const acquireLease = async (
  { db, flavor }: WriteContext,
  args: AcquireLeaseArgs,
): Promise<LeaseAnswer> => {
  const { workspaceId, holder, ttlMs } = args;
  await db
    .insertInto('sync_leases')
    .values({ workspace_id: workspaceId, holder: null, epoch: 0, expires_at: 0 })
    .onConflict((conflict) => conflict.column('workspace_id').doNothing())
    .execute();
  const taken = await db
    .updateTable('sync_leases')
    .set((eb) => ({ holder, epoch: eb('epoch', '+', 1), expires_at: sql`${flavor.now()} + ${ttlMs}` }))
    .where('workspace_id', '=', workspaceId)
    .where((eb) =>
      eb.or([
        eb('holder', 'is', null),
        eb('expires_at', '<=', flavor.now()),
        ...(args.deadHolder === undefined ? [] : [eb('holder', '=', args.deadHolder)]),
      ]),
    )
    .returning('epoch')
    .executeTakeFirst();
  if (taken !== undefined) return { acquired: true, epoch: taken.epoch };
  const lease = await db
    .selectFrom('sync_leases')
    .select(['epoch', 'holder'])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return { acquired: false, epoch: lease.epoch, holder: lease.holder };
};

export interface RenewLeaseArgs {
  readonly workspaceId: string;
  readonly epoch: number;
  readonly ttlMs: number;
}

/** Extends the lease; false when another process holds it by now. */
export const renewLease = async ({ db, flavor }: WriteContext, args: RenewLeaseArgs): Promise<boolean> => {
  const result = await db
    .updateTable('sync_leases')
    .set({ expires_at: sql`${flavor.now()} + ${args.ttlMs}` })
    .where('workspace_id', '=', args.workspaceId)
    .where('epoch', '=', args.epoch)
    .where('holder', 'is not', null)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) === 1;
};

/** Frees the lease if it is still held under this epoch. */
export const releaseLease = async (
  { db }: WriteContext,
  args: { readonly workspaceId: string; readonly epoch: number },
): Promise<void> => {
  await db
    .updateTable('sync_leases')
    .set({ holder: null, expires_at: 0 })
    .where('workspace_id', '=', args.workspaceId)
    .where('epoch', '=', args.epoch)
    .execute();
};

import type { ReadContext } from '../context.ts';

export interface QueuedThread {
  readonly id: string;
  readonly wantedUpdatedAt: number;
  readonly attempts: number;
  readonly notBefore: number;
  readonly errorCode: string | null;
}

export interface ListQueueArgs {
  readonly workspaceId: string;
  readonly limit: number;
  /** Unix ms; items that wait beyond it are left out. */
  readonly now: number;
  /** Items with this many failures or more are left out. */
  readonly maxAttempts: number;
}

/** The next threads to fetch, newest conversations first. */
export const listQueue = async (
  { db }: ReadContext,
  args: ListQueueArgs,
): Promise<readonly QueuedThread[]> => {
  const rows = await db
    .selectFrom('hydration_queue')
    .selectAll()
    .where('workspace_id', '=', args.workspaceId)
    .where('not_before', '<=', args.now)
    .where('attempts', '<', args.maxAttempts)
    .orderBy('created_at', 'desc')
    .orderBy('conversation_id', 'desc')
    .limit(args.limit)
    .execute();
  return rows.map((row) => ({
    id: row.conversation_id,
    wantedUpdatedAt: row.wanted_updated_at,
    attempts: row.attempts,
    notBefore: row.not_before,
    errorCode: row.error_code,
  }));
};

export interface QueueState {
  readonly waiting: number;
  readonly failed: readonly { readonly id: string; readonly code: string; readonly attempts: number }[];
  /** Earliest time (Unix ms) at which an item that waits may be tried. */
  readonly nextAt: number | null;
}

/** What waits, and what failed so far (at most 1,000 named). */
export const readQueueState = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly maxAttempts: number },
): Promise<QueueState> => {
  const totals = await db
    .selectFrom('hydration_queue')
    .select((eb) => [eb.fn.countAll<number>().as('waiting'), eb.fn.min('not_before').as('next_at')])
    .where('workspace_id', '=', args.workspaceId)
    .where('attempts', '<', args.maxAttempts)
    .executeTakeFirstOrThrow();
  const failed = await db
    .selectFrom('hydration_queue')
    .select(['conversation_id', 'error_code', 'attempts'])
    .where('workspace_id', '=', args.workspaceId)
    .where('attempts', '>', 0)
    .orderBy('conversation_id')
    .limit(1000)
    .execute();
  return {
    waiting: Number(totals.waiting),
    nextAt: totals.next_at === null ? null : Number(totals.next_at),
    failed: failed.map((row) => ({
      id: row.conversation_id,
      code: row.error_code ?? 'INTERNAL',
      attempts: row.attempts,
    })),
  };
};

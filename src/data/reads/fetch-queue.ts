import type { ReadContext } from '../context.ts';

export interface QueuedObject {
  readonly id: string;
  readonly attempts: number;
  /** 0 goes first (`PRIORITY`). */
  readonly priority: number;
}

export interface ListQueueArgs {
  readonly workspaceId: string;
  readonly entity: string;
  readonly limit: number;
  /** Unix ms; what waits beyond it is left out. */
  readonly now: number;
}

/** What to fetch next: live changes first, then repairs, then the backfill, each the newest first. */
export const listQueue = async ({ db }: ReadContext, args: ListQueueArgs): Promise<readonly QueuedObject[]> =>
  db
    .selectFrom('fetch_queue')
    .select(['id', 'attempts', 'priority'])
    .where('workspace_id', '=', args.workspaceId)
    .where('entity', '=', args.entity)
    .where('not_before', '<=', args.now)
    .orderBy('priority')
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(args.limit)
    .execute();

/** Earliest time (Unix ms) at which something may be tried, if that is not after `horizon`; else null. */
export const nextQueueTime = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly entity: string; readonly horizon: number },
): Promise<number | null> => {
  const row = await db
    .selectFrom('fetch_queue')
    .select((eb) => eb.fn.min('not_before').as('next'))
    .where('workspace_id', '=', args.workspaceId)
    .where('entity', '=', args.entity)
    .where('not_before', '<=', args.horizon)
    .executeTakeFirst();
  return row?.next === null || row === undefined ? null : Number(row.next);
};

export interface QueueState {
  /** Objects that wait; at most {@link MAX_COUNTED}. */
  readonly waiting: number;
  /** Objects that failed again and again; at most 1,000 of them, by id. */
  readonly parked: readonly { readonly id: string; readonly code: string; readonly attempts: number }[];
  /** What is in up to this server time although objects wait, parked ones aside; null when none does. */
  readonly since: number | null;
}

/** A longer queue is not counted to its end. */
const MAX_COUNTED = 10_000;
const MAX_PARKED = 1_000;

/** How long the queue of an entity is, and what is wrong with what is in it. */
export const readQueueState = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly entity: string; readonly parkedFrom: number },
): Promise<QueueState> => {
  const { entity, parkedFrom, workspaceId } = args;
  const counted = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('fetch_queue')
        .select('id')
        .where('workspace_id', '=', workspaceId)
        .where('entity', '=', entity)
        .limit(MAX_COUNTED)
        .as('some'),
    )
    .select((eb) => eb.fn.countAll<number>().as('waiting'))
    .executeTakeFirstOrThrow();
  const parked = await db
    .selectFrom('fetch_queue')
    .select(['id', 'error_code', 'attempts'])
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('attempts', '>=', parkedFrom)
    .orderBy('attempts')
    .orderBy('id')
    .limit(MAX_PARKED)
    .execute();
  const oldest = await db
    .selectFrom('fetch_queue')
    .select('since')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('attempts', '<', parkedFrom)
    .orderBy('since')
    .limit(1)
    .executeTakeFirst();
  return {
    waiting: Number(counted.waiting),
    parked: parked
      .map((row) => ({ id: row.id, code: row.error_code ?? 'INTERNAL', attempts: row.attempts }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    since: oldest?.since ?? null,
  };
};

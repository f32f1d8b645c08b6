import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';
import { PRIORITY } from '../fetch-priority.ts';
import { enqueue } from './fetch-queue.ts';

export interface PutWakesArgs {
  readonly workspaceId: string;
  readonly wakes: readonly { readonly entity: string; readonly id: string }[];
  /** Unix ms. */
  readonly now: number;
}

const WAKES_PER_STATEMENT = 500;
/** What nobody took by then was listed by a sync long ago. */
const FORGOTTEN_AFTER_MS = 86_400_000;

/**
 * Notes what a webhook announced. Any process may: it is a wish, no fact, and the holder of the lease asks Intercom. An
 * object that waits already waits once.
 */
export const putWakes = async ({ db }: WriteContext, args: PutWakesArgs): Promise<void> => {
  const { now, wakes, workspaceId } = args;
  for (let start = 0; start < wakes.length; start += WAKES_PER_STATEMENT) {
    await db
      .insertInto('sync_wakes')
      .values(
        wakes
          .slice(start, start + WAKES_PER_STATEMENT)
          .map(({ entity, id }) => ({ workspace_id: workspaceId, entity, id, received_at: now })),
      )
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'entity', 'id']).doUpdateSet({ received_at: now }),
      )
      .execute();
  }
  await db
    .deleteFrom('sync_wakes')
    .where('workspace_id', '=', workspaceId)
    .where('received_at', '<', now - FORGOTTEN_AFTER_MS)
    .execute();
};

export interface TakeWakesArgs {
  readonly fence: Fence;
  readonly entity: string;
  /** None of them may be under way: an answer that is on its way may be older than the news. */
  readonly ids: readonly string[];
  /** Newest `receivedAt` that the caller saw, Unix ms: an object that was announced again since stays. */
  readonly until: number;
  /** Unix ms. */
  readonly now: number;
}

/**
 * Moves what was announced to the front of the queue, in one transaction. What waited there after a failure may be tried
 * at once: it has changed. @returns what was moved
 */
export const takeWakes = async (context: WriteContext, args: TakeWakesArgs): Promise<readonly string[]> => {
  const { db } = context;
  const { entity, fence, now, until } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  if (args.ids.length === 0) return [];
  const taken = await db
    .deleteFrom('sync_wakes')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('id', 'in', args.ids)
    .where('received_at', '<=', until)
    .returning('id')
    .execute();
  if (taken.length === 0) return [];
  const ids = taken.map(({ id }) => id);
  const state = await db
    .selectFrom('sync_states')
    .select('watermark')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .executeTakeFirst();
  await enqueue(
    db,
    workspaceId,
    entity,
    // What a notification says of the object is not believed, so nothing is demanded of the answer (API-FACTS 8.2, 8.3).
    ids.map((id) => ({ id, wantedUpdatedAt: 0, createdAt: Math.floor(now / 1000) })),
    { priority: PRIORITY.live, since: state?.watermark ?? 0 },
  );
  await db
    .updateTable('fetch_queue')
    .set({ not_before: 0 })
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('id', 'in', ids)
    .execute();
  return ids;
};

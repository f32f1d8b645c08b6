import type { WriteContext } from '../context.ts';
import { existingConversations } from './existing-conversations.ts';
import { assertFence, type Fence } from './fence.ts';
import { removeIndexDocuments } from '../search-index/write-index.ts';
import type { IncomingConversation } from './incoming-conversation.ts';
import { putConversations } from './put-conversations.ts';

/** A thread that could not be fetched. */
export interface ThreadFailure {
  readonly id: string;
  /** NOT_FOUND twice means that the conversation was deleted (TRAPS T44). */
  readonly code: string;
  /** Unix ms before which it is not tried again. */
  readonly notBefore: number;
}

export interface ApplyThreadsArgs {
  readonly fence: Fence;
  readonly threads: readonly IncomingConversation[];
  readonly failures: readonly ThreadFailure[];
  /** Server time, Unix seconds. */
  readonly fetchedAt: number;
  /** Unix ms before which a thread that came from a lagging replica is not tried again. */
  readonly staleNotBefore: number;
}

export interface ThreadsOutcome {
  readonly stored: number;
  /** Answered by a replica that lags behind the listing; still queued. */
  readonly stale: readonly string[];
  /** Gone in Intercom, confirmed; marked as deleted. */
  readonly deleted: readonly string[];
  /** A large merge of the search index is due (`mergeSearchIndex`). */
  readonly mergeDue: boolean;
}

/** How often a 404 is seen before a conversation counts as deleted. */
const CONFIRMATIONS = 2;

/**
 * Stores fetched threads and takes them off the queue, in one transaction. A thread older than what is stored, or than
 * the listing that queued it, is not written (monotonic guard against replicas that lag).
 */
export const applyThreads = async (
  context: WriteContext,
  args: ApplyThreadsArgs,
): Promise<ThreadsOutcome> => {
  const { db } = context;
  const { fence, fetchedAt } = args;
  const workspaceId = fence.workspaceId;
  await assertFence(context, fence);
  const ids = args.threads.map((thread) => thread.columns.id);
  const existing = await existingConversations(db, workspaceId, ids);
  const wanted = await wantedTimes(context, workspaceId, ids);
  const isStale = (thread: IncomingConversation): boolean => {
    const { id, updated_at } = thread.columns;
    const stored = existing.get(id)?.hydrated_updated_at ?? 0;
    return updated_at < Math.max(wanted.get(id) ?? 0, stored);
  };
  const current = args.threads.filter((thread) => !isStale(thread));
  const stale = args.threads.filter(isStale).map((thread) => thread.columns.id);
  const mergeDue = await putConversations(context, workspaceId, fetchedAt, current, existing);
  await dequeue(
    context,
    workspaceId,
    current.map((thread) => thread.columns.id),
  );
  await postpone(context, workspaceId, [
    ...args.failures,
    ...stale.map((id) => ({ id, code: 'SYNC_STALE', notBefore: args.staleNotBefore })),
  ]);
  const deleted = await confirmDeletions(context, workspaceId, args.failures, fetchedAt);
  return { stored: current.length, stale, deleted, mergeDue };
};

const wantedTimes = async ({ db }: WriteContext, workspaceId: string, ids: readonly string[]) => {
  if (ids.length === 0) return new Map<string, number>();
  const rows = await db
    .selectFrom('hydration_queue')
    .select(['conversation_id', 'wanted_updated_at'])
    .where('workspace_id', '=', workspaceId)
    .where('conversation_id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.conversation_id, row.wanted_updated_at]));
};

const dequeue = async ({ db }: WriteContext, workspaceId: string, ids: readonly string[]) => {
  if (ids.length === 0) return;
  await db
    .deleteFrom('hydration_queue')
    .where('workspace_id', '=', workspaceId)
    .where('conversation_id', 'in', ids)
    .execute();
};

const postpone = async ({ db }: WriteContext, workspaceId: string, failures: readonly ThreadFailure[]) => {
  for (const failure of failures) {
    await db
      .updateTable('hydration_queue')
      .set((eb) => ({
        attempts: eb('attempts', '+', 1),
        not_before: failure.notBefore,
        error_code: failure.code,
      }))
      .where('workspace_id', '=', workspaceId)
      .where('conversation_id', '=', failure.id)
      .execute();
  }
};

const confirmDeletions = async (
  context: WriteContext,
  workspaceId: string,
  failures: readonly ThreadFailure[],
  fetchedAt: number,
): Promise<readonly string[]> => {
  const { db } = context;
  const missing = failures
    .filter((failure) => failure.code === 'INTERCOM_NOT_FOUND')
    .map((failure) => failure.id);
  if (missing.length === 0) return [];
  const confirmed = await db
    .selectFrom('hydration_queue')
    .select('conversation_id')
    .where('workspace_id', '=', workspaceId)
    .where('conversation_id', 'in', missing)
    .where('attempts', '>=', CONFIRMATIONS)
    .execute();
  const ids = confirmed.map((row) => row.conversation_id);
  if (ids.length === 0) return [];
  const rows = await db
    .updateTable('conversations')
    .set({ deleted_at: fetchedAt })
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .returning('doc_id')
    .execute();
  await removeIndexDocuments(
    context,
    workspaceId,
    rows.map((row) => row.doc_id),
  );
  await dequeue(context, workspaceId, ids);
  return ids;
};

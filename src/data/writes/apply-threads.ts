import type { WriteContext } from '../context.ts';
import { existingConversations, type StoredConversation } from './existing-conversations.ts';
import { assertFence, type Fence } from './fence.ts';
import { dequeue, type FetchFailure, noteFailures, wantedTimes } from './fetch-queue.ts';
import { type IncomingThread, isPartial, isShort } from './incoming-conversation.ts';
import { joinOlderParts } from './join-older-parts.ts';
import { type PutConversation, putConversations } from './put-conversations.ts';
import { removeConversations } from './remove-conversations.ts';

const ENTITY = 'conversations';

export interface ApplyThreadsArgs {
  readonly fence: Fence;
  readonly threads: readonly IncomingThread[];
  readonly failures: readonly FetchFailure[];
  /** The caller's time, Unix ms. */
  readonly now: number;
  /** Distance of two answers that a conversation is gone, for both to count; ms. */
  readonly confirmAfterMs: number;
  /** Server time of a deletion that is confirmed now, Unix seconds. */
  readonly deletedAt: number;
}

export interface ThreadsOutcome {
  readonly stored: number;
  /** Still queued: answered by a replica that lags behind, or without all parts. */
  readonly unfinished: readonly string[];
  /** Gone in Intercom, confirmed; marked as deleted. */
  readonly deleted: readonly string[];
  /** A large merge of the search index is due (`mergeSearchIndex`). */
  readonly mergeDue: boolean;
}

/**
 * Stores fetched threads and takes them off the queue, in one transaction. A thread older than what is stored, or than
 * the listing that queued it, is not written (monotonic guard against replicas that lag). One that lacks parts for no
 * known reason is stored, joined to what is known, and stays in the queue.
 */
export const applyThreads = async (
  context: WriteContext,
  args: ApplyThreadsArgs,
): Promise<ThreadsOutcome> => {
  const { db } = context;
  const { fence } = args;
  const workspaceId = fence.workspaceId;
  await assertFence(context, fence);
  const ids = args.threads.map((thread) => thread.columns.id);
  const existing = await existingConversations(db, workspaceId, ids);
  const wanted = await wantedTimes(db, workspaceId, ENTITY, ids);
  const isStale = ({ columns: { id, updated_at } }: IncomingThread): boolean => {
    const stored = existing.get(id);
    const newest = Math.max(stored?.thread_updated_at ?? 0, stored?.updated_at ?? 0);
    return updated_at < Math.max(wanted.get(id) ?? 0, newest);
  };
  const current = args.threads.filter((thread) => !isStale(thread));
  const puts: PutConversation[] = [];
  for (const thread of current)
    puts.push(await toPut(context, workspaceId, thread, existing.get(thread.columns.id)));
  const mergeDue = await putConversations(context, workspaceId, puts);
  const short = current.filter(isShort).map((thread) => thread.columns.id);
  const unfinished = [...args.threads.filter(isStale).map((thread) => thread.columns.id), ...short];
  await dequeue(
    db,
    workspaceId,
    ENTITY,
    current.map((thread) => thread.columns.id).filter((id) => !short.includes(id)),
  );
  const retryAt = new Map(args.threads.map((thread) => [thread.columns.id, thread.retryAt]));
  const again = (code: string) => (id: string) => ({
    id,
    code,
    at: args.now,
    notBefore: retryAt.get(id) ?? args.now,
  });
  const deleted = await noteFailures(
    context,
    workspaceId,
    ENTITY,
    [
      ...args.failures,
      ...unfinished.filter((id) => !short.includes(id)).map(again('SYNC_STALE')),
      ...short.map(again('SYNC_PARTS_MISSING')),
    ],
    args.confirmAfterMs,
  );
  await removeConversations(
    context,
    workspaceId,
    deleted.map((id) => ({ id, deletedAt: args.deletedAt })),
  );
  return { stored: current.length, unfinished, deleted, mergeDue };
};

const toPut = async (
  context: WriteContext,
  workspaceId: string,
  incoming: IncomingThread,
  stored: StoredConversation | undefined,
): Promise<PutConversation> => {
  const partial = isPartial(incoming);
  const joined =
    partial && stored !== undefined && stored.hydrated === 1
      ? await joinOlderParts(context, workspaceId, stored.doc_id, incoming)
      : { thread: incoming.parts, olderParts: null };
  return {
    incoming,
    stored,
    thread: joined.thread,
    content: { kind: 'whole', olderParts: joined.olderParts },
    derived: {
      part_count: Math.max(incoming.declaredParts, joined.thread.length - 1),
      parts_truncated: partial ? 1 : 0,
      hydrated: 1,
      thread_updated_at: incoming.columns.updated_at,
      thread_fetched_at: incoming.fetchedAt,
      thread_stat_parts: incoming.statParts,
      listed_hash: stored?.listed_hash ?? null,
      fetched_at: incoming.fetchedAt,
    },
  };
};

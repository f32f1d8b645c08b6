import type { WriteContext } from '../context.ts';
import { unpackThread } from '../thread-codec.ts';
import { type Comparison, compareWithStored, presentWatermark } from './compare-window.ts';
import { existingConversations } from './existing-conversations.ts';
import { assertFence, type Fence } from './fence.ts';
import type { Priority } from '../fetch-priority.ts';
import { enqueue } from './fetch-queue.ts';
import type { IncomingConversation } from './incoming-conversation.ts';
import type { Listed } from './listed-conversation.ts';
import { newestById } from './newest-by-id.ts';
import { type PutConversation, putConversations } from './put-conversations.ts';
import { putEvaluations } from './put-evaluations.ts';
import { stepWindow, type WindowStep } from './scans.ts';

export interface ApplyConversationPageArgs {
  readonly fence: Fence;
  readonly step: WindowStep;
  readonly conversations: readonly IncomingConversation[];
  /** Server time of the page, Unix seconds. */
  readonly fetchedAt: number;
  /** Place in the queue of the threads that are due. */
  readonly priority: Priority;
  /** Watermark before the scan; 0 for a backfill; null: the present one. */
  readonly since: number | null;
  /** Set where the page is compared with what is stored. */
  readonly comparison?: Comparison;
}

export interface PageOutcome {
  /** Conversations that were new or whose fields changed. */
  readonly changed: number;
  /** Conversations whose thread must be fetched now. */
  readonly queued: number;
  /** A large merge of the search index is due (`mergeSearchIndex`). */
  readonly mergeDue: boolean;
}

/** How long a listing may still show what was deleted (index lag, API-FACTS 4.6). */
const LAG_SECONDS = 600;

/** The fields of the listing are news: another JSON, and not from a replica that lags behind what is stored. */
const hasNews = ({ hash, incoming, stored }: Listed): boolean =>
  stored === undefined ||
  (stored.deleted_at === null &&
    stored.listed_hash !== hash &&
    incoming.columns.updated_at >= stored.updated_at);

/**
 * The stored thread is the listed one. An answer of the same second as the change may be older than the change, so only
 * a later one counts; and a part may have come without a newer updated_at (API-FACTS 5.1, 12.6).
 */
const isThreadCurrent = ({ incoming, stored }: Listed): boolean => {
  if (stored === undefined || stored.hydrated === 0) return false;
  const { updated_at: updatedAt } = incoming.columns;
  const hasMoreParts =
    incoming.statParts !== null &&
    stored.thread_stat_parts !== null &&
    incoming.statParts > stored.thread_stat_parts;
  return (
    (stored.thread_updated_at ?? 0) >= updatedAt &&
    (stored.thread_fetched_at ?? 0) > updatedAt &&
    !hasMoreParts
  );
};

/** A deleted conversation that is listed long after is asked for again: the answer decides. */
const isDue = (listed: Listed, fetchedAt: number): boolean => {
  const deletedAt = listed.stored?.deleted_at ?? null;
  return deletedAt === null ? !isThreadCurrent(listed) : fetchedAt - deletedAt > LAG_SECONDS;
};

/**
 * Stores one page of a scan. A listing has every field but the thread: new conversations are there with their opening
 * message at once, changed ones with their new fields, and the threads that are due are queued. The window moves on in
 * the same transaction: a kill between pages loses nothing (TRAPS T72, T73).
 */
export const applyConversationPage = async (
  context: WriteContext,
  args: ApplyConversationPageArgs,
): Promise<PageOutcome> => {
  const { db } = context;
  const { fence, step, fetchedAt, priority, since } = args;
  const workspaceId = fence.workspaceId;
  await assertFence(context, fence);
  const items = newestById(args.conversations);
  const existing = await existingConversations(
    db,
    workspaceId,
    items.map((item) => item.columns.id),
  );
  const listed = items.map((incoming): Listed => {
    const stored = existing.get(incoming.columns.id);
    return { incoming, stored, hash: incoming.payload.hash };
  });
  const news = listed.filter(hasNews);
  const mergeDue = await putConversations(
    context,
    workspaceId,
    await toPuts(context, workspaceId, news, fetchedAt),
  );
  await putEvaluations(db, workspaceId, listed);
  const due = listed.filter((item) => isDue(item, fetchedAt));
  await enqueue(
    db,
    workspaceId,
    'conversations',
    due.map(({ incoming, stored }) => ({
      id: incoming.columns.id,
      // Never below what is stored: a listing that lags must not make an old thread acceptable.
      wantedUpdatedAt: Math.max(incoming.columns.updated_at, stored?.updated_at ?? 0),
      createdAt: incoming.columns.created_at,
    })),
    { priority, since: since ?? (await presentWatermark(db, workspaceId)) },
  );
  const absent =
    args.comparison === undefined
      ? 0
      : await compareWithStored(context, workspaceId, {
          comparison: args.comparison,
          listed,
          fetchedAt,
          isLast: step.nextCursor === null,
        });
  await stepWindow(db, workspaceId, step);
  return { changed: news.length, queued: due.length + absent, mergeDue };
};

/** New ones are stored as they are listed; of hydrated ones the fields change and the thread stays. */
const toPuts = async (
  { db }: WriteContext,
  workspaceId: string,
  news: readonly Listed[],
  fetchedAt: number,
): Promise<PutConversation[]> => {
  const hydrated = news.flatMap(({ stored }) => (stored?.hydrated === 1 ? [stored.doc_id] : []));
  const contents =
    hydrated.length === 0
      ? []
      : await db
          .selectFrom('conversation_contents')
          .select(['doc_id', 'thread'])
          .where('workspace_id', '=', workspaceId)
          .where('doc_id', 'in', hydrated)
          .execute();
  const threads = new Map(contents.map((row) => [row.doc_id, row.thread]));
  return news.map(({ hash, incoming, stored }): PutConversation => {
    const thread = stored === undefined ? undefined : threads.get(stored.doc_id);
    const shared = { listed_hash: hash, fetched_at: fetchedAt };
    if (stored === undefined || thread === undefined) {
      return {
        incoming,
        stored,
        thread: incoming.parts,
        content: { kind: 'whole', olderParts: null },
        derived: {
          ...shared,
          part_count: incoming.declaredParts,
          parts_truncated: 0,
          hydrated: 0,
          thread_updated_at: null,
          thread_fetched_at: null,
          thread_stat_parts: null,
        },
      };
    }
    return {
      incoming,
      stored,
      thread: unpackThread(thread),
      content: { kind: 'head' },
      derived: {
        ...shared,
        part_count: stored.part_count,
        parts_truncated: stored.parts_truncated,
        hydrated: 1,
        thread_updated_at: stored.thread_updated_at,
        thread_fetched_at: stored.thread_fetched_at,
        thread_stat_parts: stored.thread_stat_parts,
      },
    };
  });
};

import type { WriteContext } from '../context.ts';
import { existingConversations, type StoredConversation } from './existing-conversations.ts';
import { assertFence, type Fence } from './fence.ts';
import type { IncomingConversation } from './incoming-conversation.ts';
import { putConversations } from './put-conversations.ts';
import { stepWindow, type WindowStep } from './scans.ts';

export interface ApplyConversationPageArgs {
  readonly fence: Fence;
  readonly step: WindowStep;
  readonly conversations: readonly IncomingConversation[];
  /** Server time of the page, Unix seconds. */
  readonly fetchedAt: number;
}

export interface PageOutcome {
  /** Conversations whose thread must be fetched now. */
  readonly queued: number;
  /** A large merge of the search index is due (`mergeSearchIndex`). */
  readonly mergeDue: boolean;
}

/** The stored thread is already the listed one. */
const isCurrent = (stored: StoredConversation | undefined, listed: IncomingConversation): boolean =>
  stored !== undefined &&
  stored.deleted_at === null &&
  stored.hydrated === 1 &&
  stored.hydrated_updated_at !== null &&
  stored.hydrated_updated_at >= listed.columns.updated_at;

/**
 * Stores one page of a scan: new conversations are there with their opening message at once, changed ones are queued
 * for their thread, and the window moves on. All in one transaction: a kill between pages loses nothing (TRAPS T72, T73).
 */
export const applyConversationPage = async (
  context: WriteContext,
  args: ApplyConversationPageArgs,
): Promise<PageOutcome> => {
  const { db } = context;
  const { fence, step, fetchedAt } = args;
  await assertFence(context, fence);
  const listed = [...new Map(args.conversations.map((item) => [item.columns.id, item])).values()];
  const existing = await existingConversations(
    db,
    fence.workspaceId,
    listed.map((item) => item.columns.id),
  );
  const changed = listed.filter((item) => !isCurrent(existing.get(item.columns.id), item));
  // A thread that is stored stays whole until its newer version arrives; only what is new is written from the listing.
  const unseen = changed.filter((item) => existing.get(item.columns.id)?.hydrated !== 1);
  const mergeDue = await putConversations(context, fence.workspaceId, fetchedAt, unseen, existing);
  if (changed.length > 0) {
    await db
      .insertInto('hydration_queue')
      .values(
        changed.map((item) => ({
          workspace_id: fence.workspaceId,
          conversation_id: item.columns.id,
          wanted_updated_at: item.columns.updated_at,
          created_at: item.columns.created_at,
          attempts: 0,
          not_before: 0,
          error_code: null,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'conversation_id']).doUpdateSet((eb) => ({
          wanted_updated_at: eb.ref('excluded.wanted_updated_at'),
          attempts: 0,
          not_before: 0,
          error_code: null,
        })),
      )
      .execute();
  }
  await stepWindow(db, fence.workspaceId, step);
  return { queued: changed.length, mergeDue };
};

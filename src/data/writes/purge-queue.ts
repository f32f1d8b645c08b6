import type { ThreadPart } from '../../entities/conversation/table.ts';
import type { WriteDb } from '../db.ts';
import { unpackThread } from '../thread-codec.ts';
import type { IncomingConversation } from './incoming-conversation.ts';
import { forgetOlderEvaluations } from './put-evaluations.ts';

interface Replacement {
  readonly docId: number;
  readonly incoming: Pick<IncomingConversation, 'columns' | 'redactedIds'>;
  readonly thread: readonly ThreadPart[];
}

/** A stored text is taken back: its part says so now, or is gone from a thread that is whole. */
const isTakenBack = (
  before: readonly ThreadPart[],
  after: ReadonlyMap<string, string | null>,
  redacted: ReadonlySet<string>,
): boolean =>
  before.some(
    ({ id, text }) => text !== null && (!after.has(id) || (redacted.has(id) && after.get(id) !== text)),
  );

/**
 * Notes which conversations lose a text by being replaced, before they are: the row is overwritten at once, its old
 * versions in the index and in the files are wiped later (`purgeSearchIndex`, `Store.scrub`).
 */
export const queuePurges = async (
  db: WriteDb,
  workspaceId: string,
  items: readonly Replacement[],
): Promise<void> => {
  if (items.length === 0) return;
  const rows = await db
    .selectFrom('conversation_contents')
    .select(['doc_id', 'thread'])
    .where('workspace_id', '=', workspaceId)
    .where(
      'doc_id',
      'in',
      items.map(({ docId }) => docId),
    )
    .execute();
  const threads = new Map(rows.map((row) => [row.doc_id, row.thread]));
  const purged = items.filter(({ docId, incoming, thread }) => {
    const stored = threads.get(docId);
    const after = new Map(thread.map(({ id, text }) => [id, text]));
    return stored !== undefined && isTakenBack(unpackThread(stored), after, new Set(incoming.redactedIds));
  });
  if (purged.length === 0) return;
  await db
    .insertInto('purge_queue')
    .values(purged.map(({ docId }) => ({ workspace_id: workspaceId, doc_id: docId, times: 1 })))
    .onConflict((conflict) =>
      conflict
        .columns(['workspace_id', 'doc_id'])
        .doUpdateSet((eb) => ({ times: eb('purge_queue.times', '+', 1) })),
    )
    .execute();
  await forgetOlderEvaluations(
    db,
    workspaceId,
    purged.map(({ incoming: { columns } }) => ({ id: columns.id, updatedAt: columns.updated_at })),
  );
};

import type { ThreadPart } from '../../entities/conversation/table.ts';
import type { WriteDb } from '../db.ts';
import { type PackedObject, packPayload } from '../payload-codec.ts';
import { packThread } from '../thread-codec.ts';

/** What a put does to the stored JSON of a conversation. */
export type StoredContent =
  /** The object's own JSON is all there is of it; `olderParts`: parts that it no longer shows, as JSON array. */
  | { readonly kind: 'whole'; readonly olderParts: string | null }
  /** A listing that is newer than the stored thread: its fields count, the stored parts stay. */
  | { readonly kind: 'head' };

interface ContentItem {
  readonly docId: number;
  readonly incoming: { readonly payload: PackedObject };
  readonly thread: readonly ThreadPart[];
  readonly content: StoredContent;
}

/** Writes the contents of conversations; of a `head` the stored thread and payload must be there. */
export const upsertContents = async (
  db: WriteDb,
  workspaceId: string,
  items: readonly ContentItem[],
): Promise<void> => {
  const whole = items.flatMap(({ content, docId, incoming, thread }) =>
    content.kind === 'whole'
      ? [
          {
            workspace_id: workspaceId,
            doc_id: docId,
            thread: packThread(thread),
            payload: incoming.payload.bytes,
            head: null,
            older_parts: content.olderParts === null ? null : packPayload(content.olderParts),
          },
        ]
      : [],
  );
  if (whole.length > 0) {
    await db
      .insertInto('conversation_contents')
      .values(whole)
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'doc_id']).doUpdateSet((eb) => ({
          thread: eb.ref('excluded.thread'),
          payload: eb.ref('excluded.payload'),
          head: eb.ref('excluded.head'),
          older_parts: eb.ref('excluded.older_parts'),
        })),
      )
      .execute();
  }
  for (const { content, docId, incoming } of items) {
    if (content.kind !== 'head') continue;
    await db
      .updateTable('conversation_contents')
      .set({ head: incoming.payload.bytes })
      .where('workspace_id', '=', workspaceId)
      .where('doc_id', '=', docId)
      .execute();
  }
};

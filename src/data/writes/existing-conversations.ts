import type { ConversationTable } from '../../entities/conversation/table.ts';
import type { WriteDb } from '../db.ts';

export type StoredConversation = Pick<
  ConversationTable,
  'id' | 'doc_id' | 'updated_at' | 'hydrated' | 'hydrated_updated_at' | 'part_count' | 'deleted_at'
>;

/** What is stored of these conversations, by id. */
export const existingConversations = async (
  db: WriteDb,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredConversation>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('conversations')
    .select(['id', 'doc_id', 'updated_at', 'hydrated', 'hydrated_updated_at', 'part_count', 'deleted_at'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
};

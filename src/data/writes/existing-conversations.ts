import type { ConversationTable } from '../../entities/conversation/table.ts';
import type { WriteDb } from '../db.ts';

const COLUMNS = [
  'id',
  'doc_id',
  'updated_at',
  'message_at',
  'part_count',
  'parts_truncated',
  'hydrated',
  'thread_updated_at',
  'thread_fetched_at',
  'thread_stat_parts',
  'listed_hash',
  'deleted_at',
] as const;

/** What writes need to know of a stored conversation. */
export type StoredConversation = Pick<ConversationTable, (typeof COLUMNS)[number]>;

/** What is stored of these conversations, by id. */
export const existingConversations = async (
  db: WriteDb,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, StoredConversation>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('conversations')
    .select(COLUMNS)
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
};

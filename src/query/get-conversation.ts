import type { ConversationThread } from '../data/reads/get-conversation.ts';
import { AppError } from '../errors/app-error.ts';
import { conversationIdOf } from '../lib/ids.ts';
import { authorRole } from '../lib/author-role.ts';
import { decodeCursor, encodeCursor, fingerprint } from './cursor.ts';
import type { QueryDeps } from './deps.ts';
import { isoTime } from './iso-time.ts';
import { answerMetadata, mirrorFacts } from './mirror-facts.ts';
import { readOptions } from './read-options.ts';
import { checkedLimit } from './search-conversations.ts';
import type {
  CallContext,
  ConversationAnswer,
  ConversationHead,
  GetConversationInput,
  TranscriptPart,
} from './types.ts';

const DEFAULT_PARTS = 100;

const toHead = (thread: ConversationThread): ConversationHead => {
  const row = thread.conversation;
  return {
    id: row.id,
    title: row.title,
    state: row.state,
    priority: row.priority,
    created_at: isoTime(row.created_at),
    updated_at: isoTime(row.updated_at),
    channel: row.source_type,
    contacts: thread.contacts,
    tags: thread.tags,
    assignee: row.admin_assignee_id === null ? null : { id: row.admin_assignee_id, name: thread.adminName },
    team: row.team_assignee_id === null ? null : { id: row.team_assignee_id, name: thread.teamName },
    rating: row.rating,
    part_count: row.part_count + 1,
    parts_truncated: row.parts_truncated === 1,
    hydrated: row.hydrated === 1,
  };
};

const toPart = (part: ConversationThread['parts'][number]): TranscriptPart => ({
  id: part.id,
  type: part.part_type,
  author: { role: authorRole(part.author_type, part.part_type), id: part.author_id, name: part.author_name },
  created_at: isoTime(part.created_at),
  text: part.text,
});

/**
 * One conversation with a page of its transcript, the opening message first.
 * @throws AppError CONVERSATION_NOT_FOUND, ARGUMENT_INVALID, CURSOR_INVALID, WORKSPACE_*, STORE_*
 */
export const getConversation = async (
  deps: QueryDeps,
  input: GetConversationInput,
  call?: CallContext,
): Promise<ConversationAnswer> => {
  const limit = checkedLimit(input.limit, DEFAULT_PARTS);
  const id = conversationIdOf(input.id);
  if (id === undefined) {
    throw new AppError(
      'ARGUMENT_INVALID',
      'id must be a conversation id or the address of a conversation in Intercom.',
    );
  }
  const options = readOptions(call);
  const facts = await mirrorFacts(deps, input.workspace, call);
  const workspaceId = facts.workspace.id;
  const cursorKey = (await deps.reader.read('readSetting', { name: 'cursor_key' }, options)) ?? '';
  const includeEvents = input.include_events ?? false;
  const boundTo = fingerprint(['conversation', workspaceId, id, includeEvents]);
  const afterPosition =
    input.cursor === undefined ? -1 : Number(decodeCursor(cursorKey, boundTo, input.cursor)[0]);
  const thread = await deps.reader.read(
    'getConversation',
    { workspaceId, id, includeEvents, afterPosition, limit },
    options,
  );
  if (thread === null)
    throw new AppError('CONVERSATION_NOT_FOUND', `The mirror has no conversation ${id.slice(0, 60)}.`);
  const cursorAfter = (index: number): string => {
    const part = thread.parts[index];
    if (part === undefined) throw new AppError('INTERNAL');
    return encodeCursor(cursorKey, boundTo, [part.position]);
  };
  const notes: string[] = [];
  if (thread.conversation.hydrated === 0)
    notes.push('Only the opening message is mirrored so far; the thread follows with the sync.');
  if (thread.conversation.parts_truncated === 1) {
    notes.push(`Intercom gives at most 500 parts; ${thread.conversation.part_count} exist.`);
  }
  return {
    conversation: toHead(thread),
    parts: thread.parts.map(toPart),
    pagination: {
      limit,
      has_more: thread.hasMore,
      next_cursor: thread.hasMore ? cursorAfter(thread.parts.length - 1) : null,
      total_parts: thread.totalParts,
    },
    metadata: answerMetadata(facts, { query: null, filters: { id, include_events: includeEvents } }, notes),
    cursorAfter,
  };
};

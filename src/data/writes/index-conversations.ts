import type { ThreadPart } from '../../entities/conversation/table.ts';
import { authorRole } from '../../lib/author-role.ts';
import { analyse } from '../../lib/text/analyse.ts';
import type { WriteContext } from '../context.ts';
import { keyOfId } from '../search-index/doc-columns.ts';
import { roleBit } from '../search-index/posting-bytes.ts';
import { filterTerm, type IndexDocument } from '../search-index/types.ts';
import { putIndexDocuments } from '../search-index/write-index.ts';
import type { IncomingConversation } from './incoming-conversation.ts';

/** A conversation with the thread that shall be found. */
export interface ConversationToIndex {
  readonly docId: number;
  readonly incoming: IncomingConversation;
  readonly thread: readonly ThreadPart[];
  /** created_at of the newest part with text. */
  readonly messageAt: number | null;
}

/** What of a conversation can be asked for besides its words. */
const filtersOf = ({ columns, contactIds, tags }: IncomingConversation): string[] => [
  ...(columns.state === null ? [] : [filterTerm('state', columns.state)]),
  ...(columns.admin_assignee_id === null ? [] : [filterTerm('admin', columns.admin_assignee_id)]),
  ...(columns.team_assignee_id === null ? [] : [filterTerm('team', columns.team_assignee_id)]),
  ...tags.map((tag) => filterTerm('tag', tag.id)),
  ...contactIds.map((id) => filterTerm('contact', id)),
];

const toDocument = ({ docId, incoming, messageAt, thread }: ConversationToIndex): IndexDocument => {
  const { closed_at, created_at, id, updated_at } = incoming.columns;
  return {
    docId,
    key: keyOfId(id),
    times: { closed_at, created_at, message_at: messageAt, updated_at },
    parts: thread.flatMap((part) => {
      const terms = part.text === null ? [] : analyse(part.text);
      return terms.length === 0
        ? []
        : [{ terms, role: roleBit(authorRole(part.author_type, part.part_type)) }];
    }),
    filters: filtersOf(incoming),
  };
};

/**
 * Indexes conversations in place of their older versions.
 * @returns true when a large merge of the index is due
 */
export const indexConversations = (
  context: WriteContext,
  workspaceId: string,
  items: readonly ConversationToIndex[],
  isNew: (docId: number) => boolean,
): Promise<boolean> => putIndexDocuments(context, workspaceId, items.map(toDocument), isNew);

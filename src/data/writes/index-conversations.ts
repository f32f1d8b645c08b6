import type { ConversationColumns, ThreadPart } from '../../entities/conversation/table.ts';
import { authorRole } from '../../lib/author-role.ts';
import { analyse } from '../../lib/text/analyse.ts';
import { idHash } from '../../lib/id-hash.ts';
import { fold } from '../../lib/text/fold.ts';
import { languageOf } from '../../lib/text/language.ts';
import type { WriteContext } from '../context.ts';
import { type IndexedField, MAX_REOPENS, NONE } from '../search-index/filter-fields.ts';
import { keyOfId } from '../search-index/doc-columns.ts';
import type { DocMetrics } from '../search-index/metric-columns.ts';
import { roleBit } from '../search-index/posting-bytes.ts';
import { attributeTerm, filterTerm, type IndexDocument } from '../search-index/types.ts';
import { putIndexDocuments } from '../search-index/write-index.ts';
import type { IncomingConversation } from './incoming-conversation.ts';

/** A conversation with the thread that shall be found. */
export interface ConversationToIndex {
  readonly docId: number;
  readonly incoming: Pick<IncomingConversation, 'columns' | 'contactIds' | 'tags' | 'attributes'>;
  readonly thread: readonly ThreadPart[];
  /** created_at of the newest part with text. */
  readonly messageAt: number | null;
  /** The thread is there, not its opening message alone. */
  readonly hydrated: boolean;
}

/** Terms of a field that may be empty: that can be asked for, too. */
const orNone = (field: IndexedField, values: readonly (string | number | null)[]): string[] => {
  const given = values.filter((value) => value !== null);
  return (given.length === 0 ? [NONE] : given).map((value) => filterTerm(field, String(value)));
};

/** How Fin took part (API-FACTS 6.7). */
const finTerms = ({ ai_agent_participated, ai_agent_resolution_state }: ConversationColumns): string[] =>
  ai_agent_participated === 1
    ? orNone('fin', ['involved', ai_agent_resolution_state])
    : orNone('fin', [ai_agent_resolution_state]);

const hasTerms = ({ incoming, thread }: ConversationToIndex): string[] => {
  const { columns, tags } = incoming;
  const having = {
    attachment: thread.some(({ attachments }) => (attachments ?? 0) > 0),
    note: thread.some((part) => part.text !== null && roleOf(part) === 'note'),
    rating: columns.rating !== null,
    remark: columns.rating_remark !== null,
    tag: tags.length > 0,
  };
  return Object.entries(having).flatMap(([what, is]) => (is ? [filterTerm('has', what)] : []));
};

/** What of a conversation can be asked for besides its words. */
const filtersOf = (item: ConversationToIndex): string[] => {
  const { attributes, columns, contactIds, tags } = item.incoming;
  return [
    ...orNone('state', [columns.state]),
    ...orNone('admin', [columns.admin_assignee_id]),
    ...orNone('team', [columns.team_assignee_id]),
    ...orNone(
      'tag',
      tags.map((tag) => tag.id),
    ),
    ...contactIds.map((id) => filterTerm('contact', id)),
    ...orNone('company', [columns.company_id]),
    ...orNone('priority', [columns.priority]),
    ...orNone('channel', [columns.source_type === null ? null : fold(columns.source_type)]),
    ...orNone('csat', [columns.rating]),
    ...finTerms(columns),
    ...orNone('sla', [columns.sla_status]),
    ...orNone('sla_name', [columns.sla_name === null ? null : fold(columns.sla_name)]),
    filterTerm('reopens', String(Math.min(MAX_REOPENS, Math.max(0, columns.count_reopens ?? 0)))),
    ...hasTerms(item),
    // It costs as much as half of the rest: told once, when the thread is there.
    filterTerm('language', (item.hydrated ? languageIn(item.thread) : undefined) ?? NONE),
    // Nobody asks for a nested object by its JSON.
    ...attributes
      .filter(({ kind }) => kind !== 'json')
      .map(({ name, text }) => attributeTerm(fold(name), fold(text))),
  ];
};

/** The language of what the customer wrote first; where no customer wrote, of the first message. */
const languageIn = (thread: readonly ThreadPart[]): string | undefined => {
  const messages = thread.filter((part) => part.text !== null);
  const own = messages.filter((part) => roleOf(part) === 'customer');
  for (const { text } of own.length > 0 ? own : messages) {
    const language = languageOf(text ?? '');
    if (language !== undefined) return language;
  }
  return undefined;
};

/** What analytics counts. A message is a part with text; the opening one answers nothing. */
const metricsOf = ({ hydrated, incoming, thread }: ConversationToIndex): DocMetrics => {
  const { columns, contactIds } = incoming;
  const messages = thread.filter((part) => part.text !== null);
  const by = (role: string, from: number): number =>
    messages.filter((part) => part.position >= from && roleOf(part) === role).length;
  return {
    numbers: {
      ...columns,
      rating_requested_at: columns.rating_created_at,
      hydrated: hydrated ? 1 : 0,
      ...(hydrated
        ? {
            teammate_replies: by('teammate', 1),
            customer_messages: by('customer', 0),
            bot_replies: by('bot', 1),
          }
        : {}),
    },
    contacts: [...new Set(contactIds)].map(idHash),
  };
};

const roleOf = (part: ThreadPart) => authorRole(part.author_type, part.part_type);

const toDocument = (item: ConversationToIndex): IndexDocument => {
  const { docId, incoming, messageAt, thread } = item;
  const { closed_at, created_at, id, updated_at } = incoming.columns;
  return {
    docId,
    key: keyOfId(id),
    times: { closed_at, created_at, message_at: messageAt, updated_at },
    parts: thread.flatMap((part) => {
      const terms = part.text === null ? [] : analyse(part.text);
      return terms.length === 0 ? [] : [{ terms, role: roleBit(roleOf(part)) }];
    }),
    filters: filtersOf(item),
    metrics: metricsOf(item),
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

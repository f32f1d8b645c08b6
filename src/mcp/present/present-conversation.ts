import type { ConversationAnswer, TranscriptPart } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, cutNotes, type Extent, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { pageCursor } from './page-cursor.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

/** A name, a title, a tag needs no more. */
const NAME_CELL = 200;
const PEOPLE = 10;
const TAGS = 20;

/** The head of the answer with its texts cut and its lists shortened: the same for text and data. */
const shortHead = ({ conversation: head }: ConversationAnswer) => {
  const clean = (text: string | null): string | null => text && visible(cut(text, NAME_CELL));
  const named = (who: { readonly id: string; readonly name: string | null } | null) =>
    who && { id: who.id, name: clean(who.name) };
  return {
    ...head,
    title: clean(head.title),
    contacts: head.contacts
      .slice(0, PEOPLE)
      .map((contact) => ({ ...contact, name: clean(contact.name), email: clean(contact.email) })),
    tags: head.tags.slice(0, TAGS).map((tag) => clean(tag)),
    assignee: named(head.assignee),
    team: named(head.team),
  };
};

const headText = (answer: ConversationAnswer, brief: boolean): string[] => {
  const head = shortHead(answer);
  if (brief) return [`Conversation ${head.id}${head.state === null ? '' : ` · ${head.state}`}`];
  const facts = [
    head.state,
    head.priority === null ? '' : `priority ${head.priority}`,
    head.channel,
    `${head.part_count} part${head.part_count === 1 ? '' : 's'}${head.parts_truncated ? ' (not all of them can be had)' : ''}`,
    head.hydrated ? '' : 'opening message only',
    head.rating === null ? '' : `rated ${head.rating} of 5`,
    `created ${head.created_at}`,
    `updated ${head.updated_at}`,
  ].filter(Boolean);
  const people = head.contacts.map((contact) =>
    [contact.name, contact.email, `(contact ${contact.id})`].filter(Boolean).join(' '),
  );
  const about = [
    head.title,
    people.length === 0 ? '' : `with ${people.join('; ')}`,
    head.tags.length === 0 ? '' : `tags: ${head.tags.join(', ')}`,
    head.assignee === null ? '' : `assigned to ${head.assignee.name ?? ''} (admin ${head.assignee.id})`,
    head.team === null ? '' : `team ${head.team.name ?? ''} (${head.team.id})`,
  ].filter(Boolean);
  return [
    `Conversation ${head.id} · ${facts.join(' · ')}`,
    ...(about.length > 0 ? [untrusted(untrustedLine(about.join(' · ')))] : []),
  ];
};

/** A part of a transcript as text, a message of a customer in its marks. */
export const partText = (part: TranscriptPart, cell: number): string => {
  if (cell === 0) return `part ${part.id}`;
  const { role, id, name } = part.author;
  const by = name === null ? '' : `${untrustedLine(cut(name, Math.min(cell, NAME_CELL)))}: `;
  const facts = [part.type, `part ${part.id}`, id === null ? '' : `author ${id}`].filter(Boolean);
  const text = part.text === null ? '(no text)' : cut(part.text, cell);
  return `[${part.created_at}] ${role} (${facts.join(', ')}): ${untrusted(by + text)}`;
};

const partData = (part: TranscriptPart, cell: number): Record<string, unknown> => {
  if (cell === 0) return { id: part.id };
  const { role, id, name } = part.author;
  return compact({
    id: part.id,
    type: part.type,
    author: compact({ role, id, name: name && visible(cut(name, Math.min(cell, NAME_CELL))) }),
    created_at: part.created_at,
    text: part.text === null ? null : visible(cut(part.text, cell)),
    untrusted: true,
  });
};

/** What stands above a transcript, as data. */
export const headData = (answer: ConversationAnswer, brief: boolean): Record<string, unknown> => {
  const { id, state } = answer.conversation;
  if (brief) return compact({ id, state });
  const head = shortHead(answer);
  return compact({
    ...head,
    contacts: head.contacts.map((contact) => compact(contact)),
    assignee: head.assignee && compact(head.assignee),
    team: head.team && compact(head.team),
    untrusted: true,
  });
};

const render = (answer: ConversationAnswer, maxTokens: number, extent: Extent): ToolAnswer => {
  const { shown, cell, brief } = extent;
  const parts = answer.parts.slice(0, shown);
  const { limit, total_parts: total } = answer.pagination;
  const { hasMore, cursor } = pageCursor(answer, answer.parts.length, shown);
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...cutNotes(extent, answer.parts.length - shown, maxTokens, 'parts'),
  ];
  const text = [
    ...headText(answer, brief),
    ...(cell > 0 ? [UNTRUSTED_NOTE] : []),
    ...parts.map((part) => partText(part, cell)),
    `${shown} of ${total} parts shown (limit ${limit}).${cursor === null ? '' : ` More: call again with cursor "${cursor}".`}`,
    ...metadataLines(answer.metadata, notes, brief),
  ].join('\n');
  return {
    text,
    data: {
      conversation: headData(answer, brief),
      parts: parts.map((part) => partData(part, cell)),
      pagination: { limit, total_parts: total, has_more: hasMore, next_cursor: cursor },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** A transcript as text and data, within the budget. */
export const presentConversation = (answer: ConversationAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.parts.length,
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });

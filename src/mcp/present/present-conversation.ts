import type { ConversationAnswer, TranscriptPart } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataLines } from './metadata-text.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

/** A name in the head of a text needs no more. */
const HEAD_CELL = 200;

const headText = (answer: ConversationAnswer): string[] => {
  const { conversation: head } = answer;
  const facts = [
    head.state,
    head.priority === null ? '' : `priority ${head.priority}`,
    head.channel,
    `${head.part_count} parts`,
  ].filter(Boolean);
  const people = head.contacts
    .map((contact) => [contact.name, contact.email].filter(Boolean).join(' ') || contact.id)
    .join('; ');
  const about = [
    head.title,
    people === '' ? '' : `with ${people}`,
    head.tags.length > 0 ? `tags: ${head.tags.join(', ')}` : '',
    head.assignee === null ? '' : `assigned to ${head.assignee.name ?? head.assignee.id}`,
    head.team === null ? '' : `team ${head.team.name ?? head.team.id}`,
    head.rating === null ? '' : `rated ${head.rating} of 5`,
  ].filter(Boolean);
  return [
    `Conversation ${head.id} · ${facts.join(' · ')} · created ${head.created_at} · updated ${head.updated_at}`,
    ...(about.length > 0 ? [untrusted(untrustedLine(cut(about.join(' · '), 3 * HEAD_CELL)))] : []),
  ];
};

const partText = (part: TranscriptPart, cell: number): string => {
  const name = part.author.name === null ? '' : ` ${untrustedLine(cut(part.author.name, 80))}`;
  const head = `[${part.created_at}] ${part.author.role} (${part.type}, part ${part.id})`;
  return `${head}: ${untrusted(`${name === '' ? '' : `${name.trim()}: `}${part.text === null ? '(no text)' : cut(part.text, cell)}`)}`;
};

const partData = (part: TranscriptPart, cell: number): Record<string, unknown> =>
  compact({
    id: part.id,
    type: part.type,
    author: compact({
      role: part.author.role,
      id: part.author.id,
      name: part.author.name && visible(cut(part.author.name, Math.min(cell, HEAD_CELL))),
    }),
    created_at: part.created_at,
    text: part.text === null ? null : visible(cut(part.text, cell)),
    untrusted: true,
  });

const headData = (answer: ConversationAnswer): Record<string, unknown> => {
  const { conversation: head } = answer;
  const clean = (text: string | null): string | null =>
    text === null ? null : visible(cut(text, HEAD_CELL));
  return compact({
    ...head,
    title: clean(head.title),
    contacts: head.contacts
      .slice(0, 10)
      .map((contact) => compact({ id: contact.id, name: clean(contact.name), email: clean(contact.email) })),
    tags: head.tags.slice(0, 20).map((tag) => clean(tag)),
    assignee: head.assignee && compact({ id: head.assignee.id, name: clean(head.assignee.name) }),
    team: head.team && compact({ id: head.team.id, name: clean(head.team.name) }),
    untrusted: true,
  });
};

/** A transcript as text and data, within the budget. */
export const presentConversation = (answer: ConversationAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.parts.length,
    maxTokens,
    render(shown, cell) {
      const parts = answer.parts.slice(0, shown);
      const dropped = answer.parts.length - shown;
      const hasMore = answer.pagination.has_more || dropped > 0;
      const cursor = !hasMore
        ? null
        : dropped === 0
          ? answer.pagination.next_cursor
          : shown > 0
            ? answer.cursorAfter(shown - 1)
            : null;
      const cutNote =
        dropped > 0
          ? [
              `${dropped} parts of this page were left out to fit ${maxTokens} tokens; continue with next_cursor.`,
            ]
          : [];
      const notes = [...answer.metadata.notes, ...cutNote];
      const text = [
        ...headText(answer),
        UNTRUSTED_NOTE,
        ...parts.map((part) => partText(part, cell)),
        `${shown} of ${answer.pagination.total_parts} parts shown.${cursor === null ? '' : ` More: call again with cursor "${cursor}".`}`,
        ...metadataLines(answer.metadata, notes),
      ].join('\n');
      return {
        text,
        data: {
          conversation: headData(answer),
          parts: parts.map((part) => partData(part, cell)),
          pagination: compact({
            limit: answer.pagination.limit,
            total_parts: answer.pagination.total_parts,
            has_more: hasMore,
            next_cursor: cursor,
          }),
          metadata: { ...compact({ ...answer.metadata }), notes },
        },
      };
    },
  });

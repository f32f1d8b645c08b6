import type { ConnectorDocument, ConnectorHit, ConnectorSearchAnswer } from '../../query/connector-types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, cutNotes, type Extent, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataData } from './metadata.ts';
import { pageCursor } from './page-cursor.ts';
import { headData, partText } from './present-conversation.ts';
import { UNTRUSTED_NOTE, untrusted, visible } from './untrusted.ts';

/** A title needs no more. */
const TITLE_CELL = 200;
const SNIPPET_CELL = 500;

/** Connectors read the text as JSON: the same object twice. */
const asJson = (data: Record<string, unknown>): ToolAnswer => ({ text: JSON.stringify(data), data });

const titleData = (title: string, cell: number): string => visible(cut(title, Math.min(cell, TITLE_CELL)));

/** Without a title there is nothing to cite: an id stays. */
const hitData = ({ id, text, title, url }: ConnectorHit, { cell }: Extent): Record<string, unknown> =>
  compact({
    id,
    title: cell === 0 ? id : titleData(title, cell),
    url,
    text: text === null || cell === 0 ? null : untrusted(cut(text, Math.min(cell, SNIPPET_CELL))),
    untrusted: cell === 0 ? null : true,
  });

/** `{results: [{id, title, url}]}` with what every answer says of itself, within the budget. */
export const presentConnectorSearch = (answer: ConnectorSearchAnswer, maxTokens: number): ToolAnswer => {
  const { metadata, pagination, results, summary } = answer;
  return withinBudget({
    rows: results.length,
    maxTokens,
    render: (extent) => {
      const { brief, shown } = extent;
      const notes = [
        ...(brief ? [] : metadata.notes),
        ...cutNotes(extent, results.length - shown, maxTokens, 'results'),
      ];
      const rest =
        shown > 0 && shown < results.length ? answer.cursorAfter(shown - 1) : pagination.next_cursor;
      return asJson({
        results: results.slice(0, shown).map((hit) => hitData(hit, extent)),
        summary: brief
          ? { total_results: summary.total_results, returned: shown }
          : { ...summary, returned: shown },
        pagination: {
          limit: pagination.limit,
          has_more: shown < results.length || pagination.has_more,
          next_cursor: rest,
        },
        metadata: metadataData(metadata, notes, brief),
      });
    },
  });
};

/** How far the transcript goes, and how to go on; briefly where there is no room. */
const cutWords = (
  id: string,
  shown: number,
  total: number,
  cursor: string | null,
  brief: boolean,
): string[] => {
  if (shown >= total) return [];
  const how =
    cursor === null || brief ? '' : ` The rest: get_conversation with id "${id}" and cursor "${cursor}".`;
  return [`${shown} of ${total} parts are shown, the oldest first.${how}`];
};

const documentData = (
  document: ConnectorDocument,
  maxTokens: number,
  extent: Extent,
): Record<string, unknown> => {
  const { answer, id, title, url } = document;
  const { brief, cell, shown } = extent;
  const total = answer.pagination.total_parts;
  const { cursor } = pageCursor(answer, answer.parts.length, shown);
  const left = cutWords(answer.conversation.id, shown, total, cursor, brief);
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...left,
    ...cutNotes(extent, 0, maxTokens, 'parts'),
  ];
  const text = [
    ...(brief ? [] : [UNTRUSTED_NOTE]),
    ...answer.parts.slice(0, shown).map((part) => partText(part, cell)),
    ...(brief ? [] : left),
  ].join('\n');
  return {
    id,
    title: cell === 0 ? id : titleData(title, cell),
    text,
    url,
    metadata: {
      type: 'conversation',
      ...headData(answer, brief),
      parts_shown: shown,
      total_parts: total,
      next_cursor: cursor,
      ...metadataData(answer.metadata, notes, brief),
      untrusted: true,
    },
  };
};

/** `{id, title, text, url, metadata}`: the transcript as text, within the budget; what is cut is said. */
export const presentConnectorDocument = (document: ConnectorDocument, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: document.answer.parts.length,
    maxTokens,
    render: (extent) => asJson(documentData(document, maxTokens, extent)),
  });

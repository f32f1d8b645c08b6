import type { RecordAnswer } from '../../query/records/record-types.ts';
import type { ToolAnswer } from '../define.ts';
import { type Extent, withinBudget } from './budget.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { fieldsData, fieldsLine } from './record-text.ts';
import { UNTRUSTED_NOTE, untrusted, visible } from './untrusted.ts';

/** A text is shown in steps of so many characters. */
const STEP = 200;

const render = (answer: RecordAnswer, maxTokens: number, { brief, cell, shown }: Extent): ToolAnswer => {
  const { content, length, start } = answer.text ?? { content: '', length: 0, start: 0 };
  const piece = content.slice(0, shown * STEP).toWellFormed();
  const end = start + Math.min(content.length, shown * STEP);
  const cursor = end < length && end > start ? answer.cursorAt(end) : null;
  const extent = { brief, cell: cell === Number.POSITIVE_INFINITY ? cell : Math.min(cell, 200), shown };
  const { id = null, ...fields } = answer.record;
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...(cursor === null
      ? []
      : [
          `Characters ${start} to ${end} of ${length}, to fit ${maxTokens} tokens; continue with next_cursor.`,
        ]),
  ];
  return {
    text: [
      `Article ${visible(String(id))}`,
      ...(brief ? [] : [UNTRUSTED_NOTE, untrusted(fieldsLine(fields, extent))]),
      untrusted(piece),
      ...(cursor === null ? [] : [`More: call again with cursor "${cursor}".`]),
      ...metadataLines(answer.metadata, notes, brief),
    ].join('\n'),
    data: {
      record: {
        ...fieldsData(brief ? { id } : answer.record, extent),
        text: visible(piece),
        untrusted: true,
      },
      pagination: { characters: length, has_more: cursor !== null, next_cursor: cursor },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** An article: what is known of it, and of its text as much as fits. */
export const presentArticle = (answer: RecordAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: Math.ceil((answer.text?.content.length ?? 0) / STEP),
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });

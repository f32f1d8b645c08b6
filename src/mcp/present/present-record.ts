import type { RecordAnswer, RecordFields } from '../../query/records/record-types.ts';
import type { ToolAnswer } from '../define.ts';
import { type Extent, withinBudget } from './budget.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { fieldsData, fieldsLine } from './record-text.ts';
import { UNTRUSTED_NOTE, untrusted, visible } from './untrusted.ts';

const WHOLE = Number.POSITIVE_INFINITY;
/** Lists grow with the room that there is: of each so many entries at first. */
const trimmed = (fields: RecordFields, most: number): RecordFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (Array.isArray(value)) return [name, value.slice(0, most)];
      if (typeof value === 'object' && value !== null) return [name, trimmed(value as RecordFields, most)];
      return [name, value];
    }),
  );

/** How long the longest list of an object is. */
const longest = (fields: RecordFields): number =>
  Math.max(
    0,
    ...Object.values(fields).map((value) => {
      if (Array.isArray(value)) return value.length;
      return typeof value === 'object' && value !== null ? longest(value as RecordFields) : 0;
    }),
  );

const render = (answer: RecordAnswer, title: string, maxTokens: number, extent: Extent): ToolAnswer => {
  const { brief, cell, shown } = extent;
  const all = longest(answer.record);
  const fields = trimmed(answer.record, cell === WHOLE ? shown : Math.min(shown, 3));
  const { id = null } = fields;
  const record: RecordFields = cell === 0 ? { id } : fields;
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...(shown < all || cell !== WHOLE
      ? [`Lists and texts were cut to fit ${maxTokens} tokens; raise max_tokens.`]
      : []),
  ];
  return {
    text: [
      `${title} ${visible(String(id))}`,
      ...(brief ? [] : [UNTRUSTED_NOTE]),
      ...(cell === 0
        ? []
        : Object.entries(record)
            .filter(([name]) => name !== 'id')
            .map(([name, value]) => fieldsLine({ [name]: value }, extent))
            .filter((line) => line !== '')
            .map((line) => untrusted(line))),
      ...metadataLines(answer.metadata, notes, brief),
    ].join('\n'),
    data: {
      record: { ...(cell === 0 ? { id: visible(String(id)) } : fieldsData(record, extent)), untrusted: true },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** One contact, company or ticket with what hangs on it, within the budget. */
export const presentRecord = (answer: RecordAnswer, title: string, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: Math.max(1, longest(answer.record)),
    maxTokens,
    render: (extent) => render(answer, title, maxTokens, extent),
  });

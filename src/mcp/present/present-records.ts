import type { RecordsAnswer } from '../../query/records/record-types.ts';
import type { ToolAnswer } from '../define.ts';
import { cutNotes, type Extent, withinBudget } from './budget.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { pageCursor } from './page-cursor.ts';
import { fieldsData, fieldsLine } from './record-text.ts';
import { UNTRUSTED_NOTE, untrusted, visible } from './untrusted.ts';

/** A word for one object, and for several. */
export type Noun = readonly [one: string, several: string];

const render = (
  answer: RecordsAnswer,
  [one, several]: Noun,
  maxTokens: number,
  extent: Extent,
): ToolAnswer => {
  const { brief, cell, shown } = extent;
  const rows = answer.results.slice(0, shown);
  const { cursor, hasMore } = pageCursor(answer, answer.results.length, shown);
  const { total_results: total, query_time_ms: time } = answer.summary;
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...cutNotes(extent, answer.results.length - shown, maxTokens, 'rows'),
  ];
  // With no room for texts the id alone stands: get_… reads the rest.
  const shortened = rows.map(({ id, ...others }) =>
    cell === 0 ? { id: id ?? null } : { id: id ?? null, ...others },
  );
  return {
    text: [
      `${total} ${total === 1 ? one : several} found, ${rows.length} shown (limit ${answer.pagination.limit}; ${time} ms, local mirror).`,
      ...(rows.length > 0 && !brief ? [UNTRUSTED_NOTE] : []),
      ...shortened.map(
        ({ id, ...others }, index) =>
          `${index + 1}. ${visible(String(id))} ${untrusted(fieldsLine(others, extent))}`,
      ),
      ...(cursor === null ? [] : [`More: call again with cursor "${cursor}".`]),
      ...metadataLines(answer.metadata, notes, brief),
    ].join('\n'),
    data: {
      summary: { ...answer.summary, returned: rows.length },
      results: shortened.map((row) => ({
        ...(cell === 0 ? { id: visible(String(row.id)) } : fieldsData(row, extent)),
        untrusted: true,
      })),
      pagination: { limit: answer.pagination.limit, has_more: hasMore, next_cursor: cursor },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** A list of contacts, companies, tickets or articles, within the budget. */
export const presentRecords = (answer: RecordsAnswer, noun: Noun, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.results.length,
    maxTokens,
    render: (extent) => render(answer, noun, maxTokens, extent),
  });

import type { SearchAnswer } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { cutNotes, type Extent, withinBudget } from './budget.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { pageCursor } from './page-cursor.ts';
import { headLine, hitData, hitText } from './search-rows.ts';
import { UNTRUSTED_NOTE } from './untrusted.ts';

const render = (answer: SearchAnswer, maxTokens: number, extent: Extent): ToolAnswer => {
  const { shown, cell, brief } = extent;
  const rows = answer.results.slice(0, shown);
  const { hasMore, cursor } = pageCursor(answer, answer.results.length, shown);
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...cutNotes(extent, answer.results.length - shown, maxTokens, 'rows'),
  ];
  const text = [
    headLine(answer, shown),
    ...(shown > 0 && cell > 0 ? [UNTRUSTED_NOTE] : []),
    ...rows.map((hit, index) => hitText(hit, index + 1, extent)),
    ...(cursor === null ? [] : [`More: call again with cursor "${cursor}".`]),
    ...metadataLines(answer.metadata, notes, brief),
  ].join('\n');
  return {
    text,
    data: {
      summary: { ...answer.summary, returned: shown },
      results: rows.map((hit) => hitData(hit, extent)),
      pagination: { limit: answer.pagination.limit, has_more: hasMore, next_cursor: cursor },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** Search results as text and data, within the budget. */
export const presentSearch = (answer: SearchAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.results.length,
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });

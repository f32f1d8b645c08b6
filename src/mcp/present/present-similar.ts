import type { SimilarAnswer } from '../../query/similar-types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, type Extent, withinBudget } from './budget.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { headLine, hitData, hitText } from './search-rows.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

const WHOLE = Number.POSITIVE_INFINITY;

/** There is one page: what does not fit is shown by a larger budget. */
const leftNotes = ({ brief, cell }: Extent, left: number, maxTokens: number): string[] => {
  if (brief) return [`Cut to ${maxTokens} tokens.`];
  return [
    ...(left > 0
      ? [`${left} rows were left out to fit ${maxTokens} tokens; ask with more max_tokens, or narrow it.`]
      : []),
    ...(cell === WHOLE ? [] : [`Texts were cut to fit ${maxTokens} tokens.`]),
  ];
};

const render = (answer: SimilarAnswer, maxTokens: number, extent: Extent): ToolAnswer => {
  const { brief, cell, shown } = extent;
  const rows = answer.results.slice(0, shown);
  const left = answer.results.length - shown;
  const terms = brief ? [] : answer.summary.telling_terms;
  const notes = [...(brief ? [] : answer.metadata.notes), ...leftNotes(extent, left, maxTokens)];
  const words = terms.map(({ conversations, term }) => `${cut(term, cell)} (${conversations})`).join(', ');
  return {
    text: [
      headLine(answer, shown),
      ...((shown > 0 || words !== '') && cell > 0 ? [UNTRUSTED_NOTE] : []),
      ...(words === ''
        ? []
        : [`Telling terms, with how many conversations have each: ${untrusted(untrustedLine(words))}`]),
      ...rows.map((hit, index) => hitText(hit, index + 1, extent)),
      ...metadataLines(answer.metadata, notes, brief),
    ].join('\n'),
    data: {
      summary: {
        ...answer.summary,
        returned: shown,
        telling_terms: terms.map(({ conversations, term }) => ({
          term: visible(cut(term, cell)),
          conversations,
          untrusted: true,
        })),
      },
      results: rows.map((hit) => hitData(hit, extent)),
      pagination: { ...answer.pagination, has_more: answer.pagination.has_more || left > 0 },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** Similar conversations as text and data, within the budget. */
export const presentSimilar = (answer: SimilarAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.results.length,
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });

import type { NamedTerm, TrendRow, TrendsAnswer, TrendSide, TrendSpan } from '../../query/trend-types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, type Extent, withinBudget } from './budget.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

const WHOLE = Number.POSITIVE_INFINITY;
/** Enough to see what a message is about. */
const SNIPPET = 160;

/** A word, or `tag:billing`. */
const nameOf = ({ field, name, value }: NamedTerm, cell: number): string =>
  cut(field === null ? value : `${field}:${name ?? value}`, cell);

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
const sideText = ({ count, of, share }: TrendSide): string => `${count} of ${of} (${percent(share)})`;

const times = ({ ratio }: TrendRow): string => (ratio === null || ratio === 0 ? '' : `, ×${ratio}`);

const rowText = (row: TrendRow, number: number, { brief, cell }: Extent): string => {
  const shown = untrusted(untrustedLine(nameOf(row, cell)));
  const head = `${number}. ${row.kind} ${shown} ${row.direction}, ${row.strength}: ${sideText(row.window)} against ${sideText(row.baseline)}${times(row)}, p ${row.p_value}, since ${row.started_at}`;
  if (brief) return head;
  const related = row.related.map((term) => nameOf(term, cell)).join(', ');
  return [
    head,
    ...(related === '' ? [] : [`   with ${untrusted(untrustedLine(related))}`]),
    ...row.examples.map(
      ({ created_at, id, snippet, title }) =>
        `   ${id}, ${created_at}: ${untrusted(untrustedLine(cut(title ?? snippet ?? '', Math.min(cell, SNIPPET))))}`,
    ),
  ].join('\n');
};

const termData = (term: NamedTerm, cell: number) => ({
  kind: term.kind,
  ...(term.field === null ? {} : { field: visible(cut(term.field, cell)) }),
  value: visible(cut(term.value, cell)),
  ...(term.name === null ? {} : { name: visible(cut(term.name, cell)) }),
  untrusted: true,
});

/** What a row cannot do without. */
const briefRow = (row: TrendRow, cell: number) => ({
  ...termData(row, cell),
  direction: row.direction,
  strength: row.strength,
  window: { count: row.window.count },
  baseline: { count: row.baseline.count },
  started_at: row.started_at,
});

const rowData = (row: TrendRow, { brief, cell }: Extent): Record<string, unknown> => {
  if (brief) return briefRow(row, cell);
  const { baseline, direction, p_value, ratio, started_at, strength, window } = row;
  return {
    ...termData(row, cell),
    direction,
    strength,
    window,
    baseline,
    ratio,
    p_value,
    started_at,
    related: row.related.map((term) => visible(nameOf(term, cell))),
    examples: row.examples.map(({ created_at, id, snippet, title }) => ({
      id,
      created_at,
      title: title === null ? null : visible(cut(title, Math.min(cell, SNIPPET))),
      snippet: snippet === null ? null : visible(cut(snippet, Math.min(cell, SNIPPET))),
      untrusted: true,
    })),
  };
};

const leftNotes = ({ brief, cell }: Extent, left: number, maxTokens: number): string[] => {
  if (brief) return [`Cut to ${maxTokens} tokens.`];
  return [
    ...(left > 0 ? [`${left} rows were left out to fit ${maxTokens} tokens; ask with more max_tokens.`] : []),
    ...(cell === WHOLE ? [] : [`Texts were cut to fit ${maxTokens} tokens.`]),
  ];
};

const render = (answer: TrendsAnswer, maxTokens: number, extent: Extent): ToolAnswer => {
  const { brief, cell, shown } = extent;
  const { summary } = answer;
  const { baseline, method, window } = summary;
  const rows = answer.results.slice(0, shown);
  const left = answer.results.length - shown;
  const notes = [...(brief ? [] : answer.metadata.notes), ...leftNotes(extent, left, maxTokens)];
  const numbers = {
    total_results: summary.total_results,
    window: { conversations: window.conversations },
    baseline: { conversations: baseline.conversations },
  };
  const span = ({ end, start }: TrendSpan): string => (brief ? '' : ` from ${start} to ${end}`);
  const more = answer.pagination.has_more ? 'at least ' : '';
  return {
    text: [
      `${more}${summary.total_results} trends, ${shown} shown: ${window.conversations} conversations${span(window)} against ${baseline.conversations}${span(baseline)}; ${summary.compared_terms} terms compared.`,
      ...(shown > 0 && cell > 0 ? [UNTRUSTED_NOTE] : []),
      ...rows.map((row, index) => rowText(row, index + 1, extent)),
      ...(brief ? [] : [`Method: ${method}`]),
      ...metadataLines(answer.metadata, notes, brief),
    ].join('\n'),
    data: {
      summary: { ...(brief ? numbers : summary), returned: shown },
      results: rows.map((row) => rowData(row, extent)),
      pagination: { ...answer.pagination, has_more: answer.pagination.has_more || left > 0 },
      metadata: metadataData(answer.metadata, notes, brief),
    },
  };
};

/** Trends as text and data, within the budget. */
export const presentTrends = (answer: TrendsAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.results.length,
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });

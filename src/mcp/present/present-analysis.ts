import type { AnalyzeAnswer, AnalyzedGroup } from '../../query/analytics-types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, cutNotes, type Extent, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { metricsData, metricsText } from './metric-text.ts';
import { pageCursor } from './page-cursor.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

/** A name needs no more, whatever room there is. */
const NAME_CELL = 120;

const clipped = (text: string, { cell }: Extent): string => cut(text, Math.min(cell, NAME_CELL));

/** Groups are called by names of the workspace's own: tags, teams, attributes. */
const groupText = ({ group }: AnalyzedGroup, extent: Extent): string =>
  untrusted(
    untrustedLine(
      group
        .map(({ name, value }) =>
          name === null ? clipped(value, extent) : `${clipped(name, extent)} [${value}]`,
        )
        .join(' | '),
    ),
  );

const rowText = (row: AnalyzedGroup, { definitions }: AnalyzeAnswer, extent: Extent): string =>
  `${groupText(row, extent)}: ${metricsText(row.metrics, definitions)}`;

const rowData = ({ group, metrics }: AnalyzedGroup, extent: Extent): Record<string, unknown> => ({
  group: group.map(({ by, name, value }) =>
    compact({
      by,
      value: visible(clipped(value, extent)),
      name: name === null ? null : visible(clipped(name, extent)),
    }),
  ),
  metrics: metricsData(metrics),
  untrusted: true,
});

const headLines = (answer: AnalyzeAnswer, shown: number): string[] => {
  const { compared_to: before, definitions, results, summary, totals } = answer;
  const by = results[0]?.group.map((each) => each.by).join(' and ');
  const groups =
    by === undefined || by === ''
      ? ''
      : ` By ${by}: ${summary.total_results} group${summary.total_results === 1 ? '' : 's'}, ${shown} shown.`;
  return [
    `All together: ${metricsText(totals, definitions)}.`,
    `${before === null ? '' : `Compared with ${before.start} to ${before.end}. `}Exact, ${summary.query_time_ms} ms, local mirror.${groups}`,
  ];
};

const definitionLines = ({ definitions }: AnalyzeAnswer): string[] => [
  'Definitions:',
  ...definitions.map(({ definition, metric }) => `- ${metric}: ${definition}`),
];

const render = (answer: AnalyzeAnswer, maxTokens: number, extent: Extent): ToolAnswer => {
  const { brief, shown } = extent;
  // Without a dimension the totals are the answer.
  const isGrouped = answer.results.some(({ group }) => group.length > 0);
  const rows = answer.results.slice(0, shown);
  const { cursor, hasMore } = pageCursor(answer, answer.results.length, shown);
  const notes = [
    ...(brief ? [] : answer.metadata.notes),
    ...cutNotes(extent, answer.results.length - shown, maxTokens, 'groups'),
  ];
  return {
    text: [
      ...headLines(answer, rows.length),
      ...(isGrouped && rows.length > 0 && !brief ? [UNTRUSTED_NOTE] : []),
      ...(isGrouped ? rows.map((row) => rowText(row, answer, extent)) : []),
      ...(cursor === null ? [] : [`More: call again with cursor "${cursor}".`]),
      ...(brief ? [] : definitionLines(answer)),
      ...metadataLines(answer.metadata, notes, brief),
    ].join('\n'),
    data: {
      summary: { ...answer.summary, returned: rows.length },
      totals: metricsData(answer.totals),
      results: rows.map((row) => rowData(row, extent)),
      pagination: { limit: answer.pagination.limit, has_more: hasMore, next_cursor: cursor },
      ...(answer.compared_to === null ? {} : { compared_to: answer.compared_to }),
      metadata: {
        ...metadataData(answer.metadata, notes, brief),
        ...(brief ? {} : { definitions: answer.definitions }),
      },
    },
  };
};

/** An analysis as text and data, within the budget. */
export const presentAnalysis = (answer: AnalyzeAnswer, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.results.length,
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });

import type { DescribedField, WorkspaceDescription } from '../../query/types.ts';
import type { ToolAnswer } from '../define.ts';
import { cut, type Extent, withinBudget } from './budget.ts';
import { compact } from './compact.ts';
import { metadataData, metadataLines } from './metadata.ts';
import { UNTRUSTED_NOTE, untrusted, untrustedLine, visible } from './untrusted.ts';

/** A name needs no more, whatever room there is. */
const NAME_CELL = 120;

const clipped = (text: string, cell: number): string => cut(text, Math.min(cell, NAME_CELL));

/** A value as the query takes it, quoted where it has a space, with its id where it has a name. */
const valueText = ({ count, name, value }: DescribedField['values'][number], cell: number): string => {
  const shown = clipped(name ?? value, cell);
  const quoted = /[\s,"]/.test(shown) ? `"${shown.replaceAll('"', "'")}"` : shown;
  return `${quoted}${name === null ? '' : ` [${value}]`} ${count}`;
};

const fieldText = ({ distinct, field, name, values }: DescribedField, { cell }: Extent): string => {
  const left = distinct - values.length;
  const named = name === null || `attr.${name}` === field ? '' : ` (${clipped(name, cell)})`;
  const list = values.map((value) => valueText(value, cell)).join(', ');
  const more = left > 0 ? ` … ${left} more: call with field "${clipped(field, cell)}"` : '';
  return `${untrusted(untrustedLine(`${clipped(field, cell)}${named}: ${list}`))}${untrustedLine(more)}`;
};

const fieldData = (
  { distinct, field, name, values }: DescribedField,
  { cell }: Extent,
): Record<string, unknown> =>
  compact({
    field: visible(clipped(field, cell)),
    name: name === null ? null : visible(clipped(name, cell)),
    distinct,
    values: values.map((each) =>
      compact({
        value: visible(clipped(each.value, cell)),
        name: each.name === null ? null : visible(clipped(each.name, cell)),
        count: each.count,
      }),
    ),
    untrusted: true,
  });

const render = (answer: WorkspaceDescription, maxTokens: number, extent: Extent): ToolAnswer => {
  const { metadata, workspace } = answer;
  const fields = answer.fields.slice(0, extent.shown);
  const dropped = answer.fields.length - fields.length;
  const notes = [
    ...metadata.notes,
    ...(dropped > 0
      ? [`${dropped} fields were left out to fit ${maxTokens} tokens; name one with "field".`]
      : []),
  ];
  const name =
    workspace.name === null ? '' : ` ${untrusted(untrustedLine(clipped(workspace.name, NAME_CELL)))}`;
  return {
    text: [
      `Workspace ${workspace.id}${name}, region ${workspace.region ?? 'unknown'}, time zone ${workspace.time_zone}. Fields to filter by, each with its values and how many conversations have them:`,
      ...(extent.brief ? [] : [UNTRUSTED_NOTE]),
      ...fields.map((field) => fieldText(field, extent)),
      ...metadataLines(metadata, notes, extent.brief),
    ].join('\n'),
    data: {
      workspace: compact({
        ...workspace,
        name: workspace.name === null ? null : visible(clipped(workspace.name, NAME_CELL)),
      }),
      summary: { ...answer.summary, returned: fields.length },
      results: fields.map((field) => fieldData(field, extent)),
      metadata: metadataData(metadata, notes, extent.brief),
    },
  };
};

/** What conversations can be filtered by, within the budget. */
export const presentWorkspace = (answer: WorkspaceDescription, maxTokens: number): ToolAnswer =>
  withinBudget({
    rows: answer.fields.length,
    maxTokens,
    render: (extent) => render(answer, maxTokens, extent),
  });

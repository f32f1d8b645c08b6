import type { Tool } from '../../src/mcp/define.ts';
import { OFF_BY_DEFAULT, TOOLSETS, TOOLS } from '../../src/mcp/tools/registry.ts';
import { code, page, table } from './markdown.ts';

/** Keys of a failed call's answer; every tool has them. */
const ERROR_KEYS = new Set(['code', 'message', 'remedy', 'retryable']);

/** What of a parameter's JSON Schema is shown. */
interface ParameterSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly description?: string;
}

const valueOf = (schema: ParameterSchema): string => {
  if (schema.enum) return schema.enum.map(code).join(', ');
  const { maximum, maxLength, minimum, type = 'any' } = schema;
  if (minimum !== undefined && maximum !== undefined) return `${type}, ${minimum} to ${maximum}`;
  return maxLength === undefined ? type : `${type}, at most ${maxLength} characters`;
};

const parametersOf = ({ listing }: Tool): string => {
  const properties = (listing.inputSchema.properties ?? {}) as Readonly<Record<string, ParameterSchema>>;
  const required = (listing.inputSchema.required ?? []) as readonly string[];
  const rows = Object.entries(properties).map(([name, schema]) => [
    code(name),
    required.includes(name) ? 'yes' : 'no',
    valueOf(schema),
    schema.description ?? '',
  ]);
  return rows.length === 0
    ? 'It takes no parameters.'
    : table(['Parameter', 'Required', 'Value', 'Meaning'], rows);
};

const annotationsOf = ({ listing }: Tool): string =>
  Object.entries(listing.annotations)
    .filter(([name]) => name !== 'title')
    .map(([name, value]) => `${code(name)} ${String(value)}`)
    .join(', ');

const keysOf = ({ listing }: Tool): string =>
  Object.keys(listing.outputSchema.properties ?? {})
    .filter((key) => !ERROR_KEYS.has(key))
    .map(code)
    .join(', ');

const toolsetRows = Object.entries(TOOLSETS).map(([toolset, tools]) => [
  code(toolset),
  OFF_BY_DEFAULT.has(toolset) ? 'no' : 'yes',
  tools.map(({ name }) => code(name)).join(' '),
]);

export const toolsPage = (): string =>
  page('Tools', [
    'The tools that `serve` offers, in the order in which clients list them. All but `sync_now` answer from the mirror; none writes to Intercom. Each answers with text and with structured content that carry the same facts. A failed call answers with `isError` and the keys `code`, `message`, `remedy` and `retryable`; [errors.md](errors.md) lists the codes. A parameter that a tool does not know is an error that names the nearest one.',
    'Tools come in toolsets. `--toolsets` names those that are offered, `--tools` single tools beside them (or alone), `--exclude-tools` what is left out: see [settings.md](settings.md). What is not offered is not listed and cannot be called; the list is the same for all clients of a server.',
    table(['Toolset', 'On by default', 'Tools'], toolsetRows),
    ...TOOLS.flatMap((tool) => [
      `## ${code(tool.name)}`,
      `**${tool.listing.title}.** ${tool.listing.description}`,
      parametersOf(tool),
      `Annotations: ${annotationsOf(tool)}.`,
      `Keys of the structured content: ${keysOf(tool)}.`,
    ]),
  ]);

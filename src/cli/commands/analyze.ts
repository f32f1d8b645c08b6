import type { Command } from 'commander';
import { type AnalyzeAnswer, askMirror } from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine } from '../format/safe-text.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { textTable } from '../format/text-table.ts';
import { valueText } from '../format/metric-text.ts';
import { wholeNumber } from '../parse-argument.ts';
import { addSettingFlags } from '../setting-flags.ts';
import { addWorkspaceOption } from '../workspace-option.ts';

interface AnalyzeFlags {
  readonly by?: string;
  readonly query?: string;
  readonly timeframe?: string;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly timeZone?: string;
  readonly compare?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
  readonly workspace?: string;
  readonly json?: boolean;
}

/** A table with a column a metric and a row a group, the whole last. */
export const analysisReport = (answer: AnalyzeAnswer, style: Style = plainStyle): string => {
  const { compared_to: before, definitions, metadata, pagination, results, totals } = answer;
  const grouped = results.filter(({ group }) => group.length > 0);
  const by = grouped[0]?.group.map((each) => each.by) ?? [];
  const cells = (values: AnalyzeAnswer['totals']): string[] =>
    definitions.map(({ metric, statistic, unit }) => valueText(values[metric], unit, statistic));
  const rows = [
    ...grouped.map(({ group, metrics }) => [
      ...group.map(({ name, value }) => safeLine(name ?? value)),
      ...cells(metrics),
    ]),
    [...by.map((_, place) => (place === 0 ? 'all' : '')), ...cells(totals)],
  ];
  const lines = [
    ...textTable([...by, ...definitions.map(({ metric }) => metric)], rows, style),
    ...(before === null ? [] : [`In brackets: ${before.start} to ${before.end}.`]),
    ...(pagination.next_cursor === null ? [] : [`More: --cursor ${pagination.next_cursor}`]),
    ...metadata.notes.map((note) => `Note: ${safeLine(note)}`),
    ...(metadata.coverage.complete
      ? []
      : [`The mirror is incomplete, missing: ${metadata.coverage.missing.join('; ')}.`]),
    ...definitions.map(({ definition, metric }) => style('dim', `${metric}: ${definition}`)),
  ];
  return `${lines.join('\n')}\n`;
};

export const addAnalyze = (program: Command, context: CliContext): void => {
  const command = program
    .command('analyze [metrics...]')
    .description(
      'Count and measure conversations: created, closed, open_backlog, first_response_time, csat, …',
    )
    .option(
      '--by <dimensions>',
      'one or two of hour, weekday, day, week, month, team, tag, channel, attr.NAME, …',
    )
    .option('--query <query>', 'which conversations, as in search')
    .option('--timeframe <words>', 'such as "last 7 days", "yesterday", 2026-09')
    .option('--start-date <day>', 'first day, such as 2026-09-01')
    .option('--end-date <day>', 'last day, such as 2026-09-15')
    .option('--time-zone <zone>', 'such as Europe/Berlin (default: the workspace’s)')
    .option('--compare', 'also the same number of days before')
    .option('--limit <groups>', 'groups to show, 1 to 1000 (default: 50)', wholeNumber)
    .option('--cursor <cursor>', 'continue behind the last page')
    .option('--json', 'as JSON');
  addWorkspaceOption(command);
  addSettingFlags(command, 'analyze').action(
    async (metrics: readonly string[], flags: AnalyzeFlags & Record<string, unknown>) => {
      const config = context.config('analyze', flags);
      await using mirror = await askMirror(config, context.logger(config));
      const answer = await mirror.analyze({
        metrics,
        group_by: flags.by === undefined ? [] : [flags.by],
        query: flags.query,
        timeframe: flags.timeframe,
        start_date: flags.startDate,
        end_date: flags.endDate,
        time_zone: flags.timeZone,
        compare: flags.compare,
        limit: flags.limit,
        cursor: flags.cursor,
        workspace: flags.workspace,
      });
      const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
      await context.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : analysisReport(answer, style));
    },
  );
};

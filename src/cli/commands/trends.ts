import type { Command } from 'commander';
import { askMirror, type TrendRow, type TrendsAnswer } from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine } from '../format/safe-text.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { count, counted } from '../format/words.ts';
import { wholeNumber } from '../parse-argument.ts';
import { addSettingFlags } from '../setting-flags.ts';
import { addWorkspaceOption } from '../workspace-option.ts';

interface TrendsFlags {
  readonly query?: string;
  readonly timeframe?: string;
  readonly baseline?: string;
  readonly limit?: number;
  readonly workspace?: string;
  readonly json?: boolean;
}

type Named = TrendRow['related'][number];

const nameOf = ({ field, name, value }: Named): string =>
  safeLine(field === null ? value : `${field}:${name ?? value}`);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

const rowLines = (row: TrendRow, style: Style): string[] => {
  const { baseline, window } = row;
  const factor = row.ratio === null || row.ratio === 0 ? '' : ` (×${row.ratio})`;
  return [
    `${style('bold', nameOf(row))}  ${row.direction} since ${row.started_at}, ${row.strength}, p ${row.p_value}`,
    `    ${percent(window.share)} of the conversations (${count(window.count)}), before ${percent(baseline.share)} (${count(baseline.count)})${factor}`,
    ...(row.related.length === 0
      ? []
      : [`    ${style('dim', 'with:')} ${row.related.map(nameOf).join(', ')}`]),
    ...row.examples.map(
      ({ id, snippet, title }) => `    ${style('dim', id)} ${safeLine(title ?? snippet ?? '').slice(0, 100)}`,
    ),
  ];
};

/** Trends for a person. */
export const trendsReport = (answer: TrendsAnswer, style: Style = plainStyle): string => {
  const { metadata, summary } = answer;
  const { baseline, window } = summary;
  const lines = [
    `${counted(summary.total_results, 'trend')}: ${counted(window.conversations, 'conversation')} from ${window.start} to ${window.end}`,
    `against ${count(baseline.conversations)} from ${baseline.start} to ${baseline.end}; ${counted(summary.compared_terms, 'term')} compared, ${summary.query_time_ms} ms`,
    ...answer.results.flatMap((row) => rowLines(row, style)),
    ...metadata.notes.map((note) => `Note: ${safeLine(note)}`),
    ...(metadata.coverage.complete
      ? []
      : [`The mirror is incomplete, missing: ${metadata.coverage.missing.join('; ')}.`]),
  ];
  return `${lines.join('\n')}\n`;
};

export const addTrends = (program: Command, context: CliContext): void => {
  const command = program
    .command('trends')
    .description('Show which words, tags and attributes rose or fell against a baseline.')
    .option('--query <words>', 'which conversations, as in search, such as "team:billing"')
    .option('--timeframe <words>', 'such as "last 30 days", 2026-09 (default: last 7 days)')
    .option('--baseline <words>', 'previous, "8 weeks", or a time frame (default: 28 days or more)')
    .option('--limit <rows>', 'rows to show, 1 to 50 (default: 10)', wholeNumber)
    .option('--json', 'as JSON');
  addWorkspaceOption(command);
  addSettingFlags(command, 'trends').action(async (flags: TrendsFlags & Record<string, unknown>) => {
    const config = context.config('trends', flags);
    await using mirror = await askMirror(config, context.logger(config));
    const { baseline, limit, query, timeframe, workspace } = flags;
    const answer = await mirror.trends({ baseline, limit, query, timeframe, workspace });
    const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
    await context.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : trendsReport(answer, style));
  });
};

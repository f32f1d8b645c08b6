import type { Command } from 'commander';
import { askMirror, type SimilarAnswer } from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine } from '../format/safe-text.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { count, counted } from '../format/words.ts';
import { wholeNumber } from '../parse-argument.ts';
import { addSettingFlags } from '../setting-flags.ts';
import { addWorkspaceOption } from '../workspace-option.ts';
import { hitLines } from './search.ts';

interface SimilarFlags {
  readonly state?: string;
  readonly timeframe?: string;
  readonly limit?: number;
  readonly workspace?: string;
  readonly json?: boolean;
}

/** Similar conversations for a person. */
export const similarReport = (answer: SimilarAnswer, style: Style = plainStyle): string => {
  const { metadata, summary } = answer;
  const { telling_terms: terms } = summary;
  const lines = [
    `${counted(summary.total_results, 'conversation')} found, ${count(summary.returned)} shown, ${summary.query_time_ms} ms`,
    ...(terms.length === 0 ? [] : [`By: ${safeLine(terms.map(({ term }) => term).join(', '))}`]),
    ...answer.results.flatMap((hit) => [
      ...hitLines(hit, style),
      `    ${style('dim', 'shares:')} ${safeLine(hit.shared_terms.join(', '))}`,
    ]),
    ...metadata.notes.map((note) => `Note: ${safeLine(note)}`),
    ...(metadata.coverage.complete
      ? []
      : [`The mirror is incomplete, missing: ${metadata.coverage.missing.join('; ')}.`]),
  ];
  return `${lines.join('\n')}\n`;
};

export const addSimilar = (program: Command, context: CliContext): void => {
  const command = program
    .command('similar <id>')
    .description('Find conversations like one; the id may also be its address in Intercom.')
    .option('--state <state>', 'open, closed or snoozed')
    .option('--timeframe <words>', 'such as "last 7 days", "yesterday", 2026-09')
    .option('--limit <rows>', 'rows to show, 1 to 1000 (default: 20)', wholeNumber)
    .option('--json', 'as JSON');
  addWorkspaceOption(command);
  addSettingFlags(command, 'similar').action(
    async (id: string, flags: SimilarFlags & Record<string, unknown>) => {
      const config = context.config('similar', flags);
      await using mirror = await askMirror(config, context.logger(config));
      const { limit, state, timeframe, workspace } = flags;
      const answer = await mirror.similar({ id, limit, state, timeframe, workspace });
      const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
      await context.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : similarReport(answer, style));
    },
  );
};

import type { Command } from 'commander';
import { askMirror, type SearchAnswer, type SearchHit, type SearchInput } from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine } from '../format/safe-text.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { count, counted, minute } from '../format/words.ts';
import { wholeNumber } from '../parse-argument.ts';
import { addSettingFlags } from '../setting-flags.ts';
import { addWorkspaceOption } from '../workspace-option.ts';

interface SearchFlags {
  readonly state?: NonNullable<SearchInput['state']>;
  readonly tag?: string;
  readonly customerEmail?: string;
  readonly timeframe?: string;
  readonly sort?: NonNullable<SearchInput['sort']>;
  readonly limit?: number;
  readonly cursor?: string;
  readonly workspace?: string;
  readonly json?: boolean;
}

const markedSnippet = (match: NonNullable<SearchHit['match']>, style: Style): string => {
  let out = '';
  let at = 0;
  for (const [start, end] of match.highlights) {
    out +=
      safeLine(match.snippet.slice(at, start)) + style('bold', safeLine(match.snippet.slice(start, end)));
    at = end;
  }
  return out + safeLine(match.snippet.slice(at));
};

/** A row for a person. */
export const hitLines = (hit: SearchHit, style: Style): string[] => {
  const who = [hit.contact?.name, hit.contact?.email]
    .filter((text) => text !== null && text !== undefined)
    .join(' ');
  const facts = [
    minute(hit.created_at),
    hit.state,
    counted(hit.part_count, 'part'),
    who,
    hit.tags.join(', '),
  ].filter(Boolean);
  return [
    `${style('cyan', hit.id)}  ${safeLine(facts.join(' · '))}`,
    ...(hit.match
      ? [`    ${style('dim', `${hit.match.author_role}:`)} ${markedSnippet(hit.match, style)}`]
      : []),
  ];
};

/** Results for a person. */
export const searchReport = (answer: SearchAnswer, style: Style = plainStyle): string => {
  const { summary, pagination, metadata } = answer;
  const lines = [
    `${counted(summary.total_results, 'conversation')} found, ${count(summary.returned)} shown, ${summary.query_time_ms} ms`,
    ...answer.results.flatMap((hit) => hitLines(hit, style)),
    ...(pagination.next_cursor === null ? [] : [`More: --cursor ${pagination.next_cursor}`]),
    ...metadata.notes.map((note) => `Note: ${safeLine(note)}`),
    ...(metadata.coverage.complete
      ? []
      : [`The mirror is incomplete, missing: ${metadata.coverage.missing.join('; ')}.`]),
  ];
  return `${lines.join('\n')}\n`;
};

const toInput = (query: string, flags: SearchFlags): SearchInput => ({
  query,
  state: flags.state,
  tag: flags.tag,
  customer_email: flags.customerEmail,
  timeframe: flags.timeframe,
  sort: flags.sort,
  limit: flags.limit,
  cursor: flags.cursor,
  workspace: flags.workspace,
});

export const addSearch = (program: Command, context: CliContext): void => {
  const command = program
    .command('search <query>')
    .description('Find conversations by words and "phrases" in any of their messages.')
    .option('--state <state>', 'open, closed or snoozed')
    .option('--tag <name>', 'name or id of a tag')
    .option('--customer-email <address>', 'e-mail address of a contact')
    .option('--timeframe <words>', 'such as "last 7 days", "yesterday", 2026-09')
    .option('--sort <order>', 'relevance, newest or oldest')
    .option('--limit <rows>', 'rows to show, 1 to 1000 (default: 20)', wholeNumber)
    .option('--cursor <cursor>', 'continue behind the last page')
    .option('--json', 'as JSON');
  addWorkspaceOption(command);
  addSettingFlags(command, 'search').action(
    async (query: string, flags: SearchFlags & Record<string, unknown>) => {
      const config = context.config('search', flags);
      await using mirror = await askMirror(config, context.logger(config));
      const answer = await mirror.search(toInput(query, flags));
      const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
      await context.stdout.write(flags.json ? `${JSON.stringify(answer)}\n` : searchReport(answer, style));
    },
  );
};

import type { Command } from 'commander';
import {
  askMirror,
  type MirrorReader,
  type RecordAnswer,
  type RecordFields,
  type RecordsAnswer,
  type RecordValue,
} from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine } from '../format/safe-text.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { count, counted } from '../format/words.ts';
import { wholeNumber } from '../parse-argument.ts';
import { addSettingFlags } from '../setting-flags.ts';
import { addWorkspaceOption } from '../workspace-option.ts';

type Name = 'contacts' | 'tickets' | 'articles';

interface RecordFlags {
  readonly id?: string;
  readonly timeframe?: string;
  readonly limit?: number;
  readonly cursor?: string;
  readonly workspace?: string;
  readonly json?: boolean;
}

/** A value for a person; what is nested stands in braces. */
const shown = (value: RecordValue): string => {
  if (Array.isArray(value)) return (value as readonly RecordValue[]).map(shown).join(', ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([name, each]) => `${name} ${shown(each)}`)
      .join(' · ');
  return typeof value === 'number' ? count(value) : String(value);
};

const rowLine = ({ id, ...fields }: RecordFields, style: Style): string => {
  const facts = Object.values(fields).filter((value) => value !== null && value !== undefined);
  return `${style('cyan', safeLine(shown(id ?? '')))}  ${safeLine(facts.map((value) => shown(value)).join(' · '))}`;
};

/** A list for a person. */
export const recordsReport = (answer: RecordsAnswer, name: Name, style: Style = plainStyle): string => {
  const { metadata, pagination, results, summary } = answer;
  const lines = [
    `${counted(summary.total_results, name.slice(0, -1))} found, ${count(summary.returned)} shown, ${summary.query_time_ms} ms`,
    ...results.map((row) => rowLine(row, style)),
    ...(pagination.next_cursor === null ? [] : [`More: --cursor ${pagination.next_cursor}`]),
    ...metadata.notes.map((note) => `Note: ${safeLine(note)}`),
  ];
  return `${lines.join('\n')}\n`;
};

const isEmpty = (value: RecordValue): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** One object for a person: a field a line, of lists an entry a line. */
export const recordReport = ({ record, text }: RecordAnswer, style: Style = plainStyle): string => {
  const lines = Object.entries(record)
    .filter(([, value]) => !isEmpty(value))
    .flatMap(([name, value]) =>
      Array.isArray(value) && typeof value[0] === 'object'
        ? [
            style('bold', name),
            ...(value as readonly RecordValue[]).map((each) => `  ${safeLine(shown(each))}`),
          ]
        : [`${style('bold', safeLine(name))}: ${safeLine(shown(value))}`],
    );
  const body = text === undefined ? [] : ['', ...text.content.split('\n').map(safeLine)];
  return `${[...lines, ...body].join('\n')}\n`;
};

const add = (
  program: Command,
  context: CliContext,
  name: Name,
  what: string,
  read: {
    readonly list: (mirror: MirrorReader) => MirrorReader['contacts'];
    readonly one: (mirror: MirrorReader) => MirrorReader['contact'];
  },
): void => {
  const command = program
    .command(`${name} [query...]`)
    .description(`Find ${what}; without words the newest. With --id, one of them in full.`)
    .option('--id <id>', 'show this one')
    .option('--timeframe <words>', 'created then, such as "last 30 days", 2026-09')
    .option('--limit <rows>', 'rows to show, 1 to 1000 (default: 20)', wholeNumber)
    .option('--cursor <cursor>', 'continue behind the last page')
    .option('--json', 'as JSON');
  addWorkspaceOption(command);
  addSettingFlags(command, name).action(
    async (words: readonly string[], flags: RecordFlags & Record<string, unknown>) => {
      const config = context.config(name, flags);
      await using mirror = await askMirror(config, context.logger(config));
      const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
      const { cursor, id, json, limit, timeframe, workspace } = flags;
      if (id !== undefined) {
        const answer = await read.one(mirror)({ id, workspace });
        await context.stdout.write(json ? `${JSON.stringify(answer)}\n` : recordReport(answer, style));
        return;
      }
      const query = words.join(' ');
      const answer = await read.list(mirror)({ query, timeframe, limit, cursor, workspace });
      await context.stdout.write(json ? `${JSON.stringify(answer)}\n` : recordsReport(answer, name, style));
    },
  );
};

export const addContacts = (program: Command, context: CliContext): void =>
  add(program, context, 'contacts', 'contacts by name, e-mail, phone or id', {
    list: (mirror) => mirror.contacts,
    one: (mirror) => mirror.contact,
  });

export const addTickets = (program: Command, context: CliContext): void =>
  add(program, context, 'tickets', 'tickets by words of title and description', {
    list: (mirror) => mirror.tickets,
    one: (mirror) => mirror.ticket,
  });

export const addArticles = (program: Command, context: CliContext): void =>
  add(program, context, 'articles', 'articles of the help center by their words', {
    list: (mirror) => mirror.articles,
    one: (mirror) => mirror.article,
  });

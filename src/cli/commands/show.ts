import type { Command } from 'commander';
import { askMirror, type WholeConversation } from '../../app/ask-mirror.ts';
import type { CliContext } from '../cli-context.ts';
import { safeLine, safeLines } from '../format/safe-text.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { counted, minute } from '../format/words.ts';
import { addSettingFlags } from '../setting-flags.ts';
import { addWorkspaceOption } from '../workspace-option.ts';

/** A transcript for a person. */
export const transcript = (whole: WholeConversation, style: Style = plainStyle): string => {
  const { conversation: head, parts, metadata } = whole;
  const people = head.contacts.map(
    (contact) => [contact.name, contact.email].filter(Boolean).join(' ') || contact.id,
  );
  const facts = [
    head.state,
    head.channel,
    counted(head.part_count, 'part'),
    people.length > 0 ? `with ${people.join('; ')}` : '',
    head.tags.length > 0 ? `tags: ${head.tags.join(', ')}` : '',
    head.assignee === null ? '' : `assigned to ${head.assignee.name ?? head.assignee.id}`,
    head.rating === null ? '' : `rated ${head.rating} of 5`,
  ].filter(Boolean);
  const lines = [
    `${style('cyan', `Conversation ${head.id}`)}  ${head.title === null ? '' : safeLine(head.title)}`.trimEnd(),
    safeLine(facts.join(' · ')),
    ...parts.flatMap((part) => [
      '',
      `${style('dim', minute(part.created_at))}  ${style('bold', safeLine(`${part.author.role}${part.author.name === null ? '' : ` ${part.author.name}`}`))}  ${style('dim', part.type)}`,
      ...safeLines(part.text ?? '(no text)').map((line) => `  ${line}`),
    ]),
    '',
    ...metadata.notes.map((note) => `Note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
};

export const addShow = (program: Command, context: CliContext): void => {
  const command = program
    .command('show <id>')
    .description('Show a conversation with its transcript; the id may also be its address in Intercom.')
    .option('--events', 'also events without text')
    .option('--json', 'as JSON');
  addWorkspaceOption(command);
  addSettingFlags(command, 'show').action(
    async (
      id: string,
      flags: {
        readonly events?: boolean;
        readonly json?: boolean;
        readonly workspace?: string;
      } & Record<string, unknown>,
    ) => {
      const config = context.config('show', flags);
      await using mirror = await askMirror(config, context.logger(config));
      const whole = await mirror.show({
        id,
        include_events: flags.events ?? false,
        workspace: flags.workspace,
      });
      const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
      await context.stdout.write(flags.json ? `${JSON.stringify(whole)}\n` : transcript(whole, style));
    },
  );
};

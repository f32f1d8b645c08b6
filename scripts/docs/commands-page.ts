import type { Command } from 'commander';
import { code, page } from './markdown.ts';
import { commandTree } from './command-tree.ts';

/** Columns of the help text here; on a terminal it follows the terminal's width. */
const WIDTH = 100;

const helpOf = (command: Command): string => command.configureHelp({ helpWidth: WIDTH }).helpInformation();

export const commandsPage = (): string =>
  page('Commands', [
    'What `--help` prints. stdout carries a command’s data (or MCP), stderr everything else. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 finished but incomplete; [errors.md](errors.md) has the code of each error. Settings without a flag are environment variables: [settings.md](settings.md).',
    ...commandTree().flatMap(({ command, name }) => [
      `## ${code(`fast-intercom-mcp${name === '' ? '' : ` ${name}`}`)}`,
      `\`\`\`text\n${helpOf(command).trimEnd()}\n\`\`\``,
    ]),
  ]);

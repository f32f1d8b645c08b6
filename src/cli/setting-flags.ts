import { type Command, Option } from 'commander';
import type { CommandName } from '../config/command-name.ts';
import { OPTION_ROWS, type OptionRow } from '../config/option-table.ts';

const defaultOf = (row: OptionRow): string | undefined =>
  row.defaultText ?? (row.default === undefined ? undefined : String(row.default));

/** The line of `--help` for a setting's flag; its default stands in words because the value is resolved later. */
const helpOf = (row: OptionRow): string => {
  const facts = [
    ...(row.choices ? [row.choices.join(', ')] : []),
    ...(defaultOf(row) === undefined ? [] : [`default: ${defaultOf(row)}`]),
    `env: ${row.env}`,
  ];
  return `${row.description} (${facts.join('; ')})`;
};

/** Gives a command the flags of the settings that it reads; their values are checked when the settings are loaded. */
export const addSettingFlags = (command: Command, name: CommandName): Command => {
  for (const [, row] of OPTION_ROWS) {
    if (row.flag && row.commands.includes(name)) command.addOption(new Option(row.flag, helpOf(row)));
  }
  return command;
};

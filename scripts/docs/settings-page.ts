import { OPTION_ROWS, type OptionRow } from '../../src/config/option-table.ts';
import { commandTree, type NamedCommand } from './command-tree.ts';
import { code, page, table } from './markdown.ts';

/** `db` stands for its one command that reads settings. */
const COMMAND_OF: Readonly<Record<string, string>> = { db: 'db migrate' };

const valueOf = (row: OptionRow): string => {
  if (row.choices) return row.choices.map(code).join(', ');
  if (row.type === 'integer' || row.type === 'number') {
    const kind = row.type === 'integer' ? 'whole number' : 'number';
    return row.min === undefined || row.max === undefined ? kind : `${kind}, ${row.min} to ${row.max}`;
  }
  return row.type === 'url' ? 'http or https address' : 'text';
};

const defaultOf = (row: OptionRow): string =>
  row.defaultText ?? (row.default === undefined ? 'none' : code(String(row.default)));

const variableOf = (row: OptionRow): string =>
  [row.env, ...(row.perWorkspace ? [`${row.env}_<ALIAS>`] : []), ...(row.envAliases ?? [])]
    .map(code)
    .join(', ');

const flagOf = (row: OptionRow): string => {
  if (row.flag) return code(row.flag);
  return row.secret ? `none; ${code(`${row.env}_FILE`)}` : 'none';
};

/** The commands that read the setting; those without its flag take it from the environment only. */
const readersOf = (row: OptionRow, tree: readonly NamedCommand[]): string =>
  row.commands
    .map((reader) => {
      const name = COMMAND_OF[reader] ?? reader;
      const found = tree.find((each) => each.name === name);
      const hasFlag = found?.command.options.some(({ flags }) => flags === row.flag) ?? false;
      return hasFlag || row.flag === undefined ? code(name) : `${code(name)} (no flag)`;
    })
    .join(', ');

export const settingsPage = (): string => {
  const tree = commandTree();
  return page('Settings', [
    'Every setting of the program. The first that is given counts: flag, environment variable, `.env` file of the working folder, default. `serve` reads no `.env` file, since an MCP client starts it in a folder of its own choice. An empty variable counts as not given. A command looks only at the settings that it reads.',
    'A secret has no flag: other users of the machine can see flags in the process list. It may stand in a file instead; `<NAME>_FILE` names that file. Giving both is an error.',
    'A variable with `_<ALIAS>` belongs to one of several workspaces: `INTERCOM_ACCESS_TOKEN_SHOP` is the token of the workspace with the alias `shop`. An alias has letters, digits and underscores, its case does not matter, and it does not end in `_FILE`; a secret may stand in a file, `INTERCOM_ACCESS_TOKEN_SHOP_FILE`. The plain names and the flags are those of the alias `default`. Nothing is shared between aliases: each has its own region, address and client secret, and an alias that has one of these and no token is an error.',
    table(
      ['Variable', 'Flag', 'Value', 'Default', 'Read by', 'Meaning'],
      OPTION_ROWS.map(([, row]) => [
        variableOf(row),
        flagOf(row),
        valueOf(row),
        defaultOf(row),
        readersOf(row, tree),
        row.description,
      ]),
    ),
  ]);
};

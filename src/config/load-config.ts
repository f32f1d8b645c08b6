import { checkValue, type GivenValue } from './check-value.ts';
import { type CommandName, STARTED_BY_PROGRAMS } from './command-name.ts';
import type { Config } from './config.ts';
import { defaultDatabasePath, type Machine } from './default-database.ts';
import { OPTION_ROWS, type OptionKey, type OptionRow } from './option-table.ts';
import { Secret } from './secret.ts';
import { fromVariables, type Variables } from './variables.ts';
import { workspaceSettings } from './workspace-settings.ts';

/** Everything that settings are taken from; handed in, so that loading is pure. */
export interface ConfigSources {
  readonly command: CommandName;
  /** Values of the command's flags by the keys of the option table. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly machine: Machine;
  /** The variables of the `.env` file, if there is one. */
  readonly dotEnv?: Variables;
  /** Reads the file that `<NAME>_FILE` names. */
  readonly readFile: (path: string) => string;
}

/** The variables to look into: the environment first. */
const variablesOf = ({ command, dotEnv, machine }: ConfigSources): readonly Variables[] =>
  dotEnv === undefined || STARTED_BY_PROGRAMS.has(command) ? [machine.env] : [machine.env, dotEnv];

const given = (key: OptionKey, row: OptionRow, sources: ConfigSources): GivenValue | undefined => {
  const flag = sources.flags[key];
  if (row.flag && typeof flag === 'string') return { name: row.flag.split(' ')[0] ?? row.env, text: flag };
  for (const variables of variablesOf(sources)) {
    const value = fromVariables(row, variables, sources.readFile);
    if (value !== undefined) return value;
  }
  return undefined;
};

const valueOf = (key: OptionKey, row: OptionRow, sources: ConfigSources): unknown => {
  const value = row.commands.includes(sources.command) ? given(key, row, sources) : undefined;
  if (value !== undefined) {
    const checked = checkValue(row, value);
    return row.secret ? new Secret(String(checked)) : checked;
  }
  if (key === 'databaseUrl') return new Secret(`sqlite:${defaultDatabasePath(sources.machine)}`);
  return row.default;
};

/**
 * The settings of one command: flag, else environment, else `.env` (not for commands that other programs start), else
 * default. Settings that the command does not use are not looked at, so that a wrong PORT does not stop a search.
 * @throws AppError CONFIG_INVALID, naming the setting and never a secret's value
 */
export const loadConfig = (sources: ConfigSources): Config =>
  // The table's types give the shape; the loop cannot show that to the compiler.
  ({
    ...Object.fromEntries(
      OPTION_ROWS.filter(([, row]) => row.perWorkspace === undefined).map(([key, row]) => [
        key,
        valueOf(key, row, sources),
      ]),
    ),
    workspaces: workspaceSettings({ ...sources, variables: variablesOf(sources) }),
  }) as unknown as Config;

import { AppError } from '../errors/app-error.ts';
import { checkValue, type GivenValue } from './check-value.ts';
import { type CommandName, STARTED_BY_PROGRAMS } from './command-name.ts';
import type { Config } from './config.ts';
import { defaultDatabasePath, type Machine } from './default-database.ts';
import { OPTION_ROWS, type OptionKey, type OptionRow } from './option-table.ts';
import { Secret } from './secret.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

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

const filled = (text: string | undefined): string | undefined => {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
};

const fromSecretFile = (name: string, path: string, readFile: (path: string) => string): GivenValue => {
  let text: string | undefined;
  try {
    text = filled(readFile(path));
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `The file that ${name} names cannot be read.`, {
      cause,
      remedy: `Correct ${name}, or give this user the right to read the file.`,
    });
  }
  if (text === undefined) {
    throw new AppError('CONFIG_INVALID', `The file that ${name} names is empty.`, {
      remedy: `Write the value into the file, or remove ${name}.`,
    });
  }
  return { name, text };
};

const fromVariables = (
  row: OptionRow,
  variables: Variables,
  readFile: (path: string) => string,
): GivenValue | undefined => {
  const name = [row.env, ...(row.envAliases ?? [])].find((spelling) => filled(variables[spelling]));
  const fileName = `${row.env}_FILE`;
  const path = row.secret ? filled(variables[fileName]) : undefined;
  if (name !== undefined && path !== undefined) {
    throw new AppError('CONFIG_INVALID', `${name} and ${fileName} are both set.`, {
      remedy: 'Keep one of the two.',
    });
  }
  if (path !== undefined) return fromSecretFile(fileName, path, readFile);
  return name === undefined ? undefined : { name, text: filled(variables[name]) ?? '' };
};

const given = (key: OptionKey, row: OptionRow, sources: ConfigSources): GivenValue | undefined => {
  const flag = sources.flags[key];
  if (row.flag && typeof flag === 'string') return { name: row.flag.split(' ')[0] ?? row.env, text: flag };
  const dotEnv = STARTED_BY_PROGRAMS.has(sources.command) ? undefined : sources.dotEnv;
  return (
    fromVariables(row, sources.machine.env, sources.readFile) ??
    (dotEnv ? fromVariables(row, dotEnv, sources.readFile) : undefined)
  );
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
  Object.fromEntries(OPTION_ROWS.map(([key, row]) => [key, valueOf(key, row, sources)])) as unknown as Config;

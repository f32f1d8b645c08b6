import { AppError } from '../errors/app-error.ts';
import { compareAliases, DEFAULT_ALIAS } from '../lib/workspace-alias.ts';
import { checkValue, type GivenValue } from './check-value.ts';
import type { CommandName } from './command-name.ts';
import { OPTION_ROWS, type OPTIONS, type OptionKey, type OptionRow } from './option-table.ts';
import { Secret } from './secret.ts';
import { filled, fromVariables, type Variables } from './variables.ts';

/** What is set for one workspace. */
export interface WorkspaceSettings {
  /** Lower case. */
  readonly alias: string;
  readonly accessToken: Secret;
  /** Undefined: to be found. */
  readonly region: (typeof OPTIONS)['region']['choices'][number] | undefined;
  readonly apiBaseUrl: string | undefined;
  readonly clientSecret: Secret | undefined;
}

export interface WorkspaceSources {
  readonly command: CommandName;
  readonly flags: Readonly<Record<string, unknown>>;
  /** The first that has a setting counts. */
  readonly variables: readonly Variables[];
  readonly readFile: (path: string) => string;
}

const ALIAS = /^[A-Z0-9_]+$/i;

/** The variable of a setting for an alias, as the documentation writes it. */
export const variableFor = (env: string, alias: string): string =>
  alias === DEFAULT_ALIAS ? env : `${env}_${alias.toUpperCase()}`;

const badAlias = (name: string, message: string): AppError =>
  new AppError('CONFIG_INVALID', `${name}: ${message}`, { remedy: `Rename ${name}, or remove it.` });

/** The name of a variable of the setting without `_FILE`, and its alias; undefined for other variables. */
const spelling = (
  row: OptionRow,
  name: string,
): { readonly env: string; readonly alias: string } | undefined => {
  if (name !== row.env && !name.startsWith(`${row.env}_`)) return undefined;
  const ofFile = /_FILE$/i.test(name);
  if (ofFile && !row.secret)
    throw badAlias(name, `${row.env} is not read from a file, and no alias ends in FILE.`);
  const env = ofFile ? name.slice(0, -'_FILE'.length) : name;
  if (env === row.env) return { env, alias: DEFAULT_ALIAS };
  const alias = env.slice(row.env.length + 1);
  if (!ALIAS.test(alias))
    throw badAlias(name, 'an alias consists of letters, digits and underscores, and has at least one.');
  return { env, alias: alias.toLowerCase() };
};

/** What some variables hold of one setting, by alias. Two spellings of one alias are an error. */
const givenIn = (row: OptionRow, variables: Variables, readFile: WorkspaceSources['readFile']) => {
  const found = new Map<string, string>();
  for (const name of Object.keys(variables).toSorted()) {
    if (filled(variables[name]) === undefined) continue;
    const spelt = spelling(row, name);
    if (spelt === undefined) continue;
    const before = found.get(spelt.alias);
    if (before !== undefined && before !== spelt.env) {
      throw new AppError(
        'CONFIG_INVALID',
        `${before} and ${spelt.env} are both set, and mean the same workspace.`,
        { remedy: 'Keep one of the two.' },
      );
    }
    found.set(spelt.alias, spelt.env);
  }
  return [...found].flatMap(([alias, env]): [string, GivenValue][] => {
    const value = fromVariables({ env, ...(row.secret ? { secret: true } : {}) }, variables, readFile);
    return value === undefined ? [] : [[alias, value]];
  });
};

const givenFor = (key: OptionKey, row: OptionRow, sources: WorkspaceSources): Map<string, GivenValue> => {
  const given = new Map<string, GivenValue>();
  const flag = sources.flags[key];
  if (row.flag && typeof flag === 'string')
    given.set(DEFAULT_ALIAS, { name: row.flag.split(' ')[0] ?? row.env, text: flag });
  for (const variables of sources.variables)
    for (const [alias, value] of givenIn(row, variables, sources.readFile))
      if (!given.has(alias)) given.set(alias, value);
  return given;
};

/**
 * The workspaces that there is a token for. What is set for an alias without a token is an error, so that a slip of the
 * pen is not taken for another workspace; the plain names may stand alone, for `serve` works without a token, too.
 * @throws AppError CONFIG_INVALID
 */
export const workspaceSettings = (sources: WorkspaceSources): readonly WorkspaceSettings[] => {
  const rows = OPTION_ROWS.filter(([, row]) => row.perWorkspace && row.commands.includes(sources.command));
  const all = new Map(rows.map(([key, row]) => [key, { row, given: givenFor(key, row, sources) }]));
  const tokens = all.get('accessToken')?.given ?? new Map<string, GivenValue>();
  for (const { given } of all.values()) {
    for (const [alias, { name }] of given) {
      if (tokens.has(alias) || (alias === DEFAULT_ALIAS && tokens.size === 0)) continue;
      const token = variableFor('INTERCOM_ACCESS_TOKEN', alias);
      throw new AppError('CONFIG_INVALID', `${name} is set, but ${token} is not.`, {
        remedy: `Set ${token}, or leave out ${name}; each workspace has settings of its own.`,
      });
    }
  }
  const valueOf = (key: OptionKey, alias: string): unknown => {
    const found = all.get(key);
    const value = found?.given.get(alias);
    if (found === undefined || value === undefined) return undefined;
    const checked = checkValue(found.row, value);
    return found.row.secret ? new Secret(String(checked)) : checked;
  };
  return [...tokens.keys()].toSorted(compareAliases).map(
    // The table's types give the shape, as in `loadConfig`.
    (alias) =>
      ({
        alias,
        accessToken: valueOf('accessToken', alias),
        region: valueOf('region', alias),
        apiBaseUrl: valueOf('apiBaseUrl', alias),
        clientSecret: valueOf('clientSecret', alias),
      }) as WorkspaceSettings,
  );
};

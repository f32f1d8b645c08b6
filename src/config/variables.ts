import { AppError } from '../errors/app-error.ts';
import type { GivenValue } from './check-value.ts';
import type { OptionRow } from './option-table.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** The text of a variable; empty ones count as not given. */
export const filled = (text: string | undefined): string | undefined => {
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

/**
 * The value of a setting in some variables, or in the file that they name.
 * @throws AppError CONFIG_INVALID where the file cannot be read, or both are given
 */
export const fromVariables = (
  row: Pick<OptionRow, 'env' | 'envAliases' | 'secret'>,
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

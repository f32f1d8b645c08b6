import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { AppError } from '../errors/app-error.ts';
import { type CommandName, STARTED_BY_PROGRAMS } from './command-name.ts';
import type { Config } from './config.ts';
import type { Machine } from './default-database.ts';
import { loadConfig } from './load-config.ts';
import type { Variables } from './variables.ts';

const readDotEnv = (folder: string): Variables | undefined => {
  let text: string;
  try {
    text = readFileSync(join(folder, '.env'), 'utf8');
  } catch (cause) {
    // No such file is the normal case; a folder or an unreadable file of that name is not ours to judge, only to name.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new AppError('CONFIG_INVALID', 'The .env file of this folder cannot be read.', {
      cause,
      remedy: 'Give this user the right to read it, or run the command in another folder.',
    });
  }
  return parseEnv(text);
};

/** This process's machine: the only place of the program that looks at `process.env`. */
const thisMachine = (): Machine => ({
  platform: process.platform,
  homeDir: homedir(),
  env: process.env,
});

/**
 * The settings of a command from this process's flags, environment and folder.
 * @throws AppError CONFIG_INVALID
 */
export const readConfig = (command: CommandName, flags: Readonly<Record<string, unknown>>): Config => {
  const dotEnv = STARTED_BY_PROGRAMS.has(command) ? undefined : readDotEnv(process.cwd());
  return loadConfig({
    command,
    flags,
    machine: thisMachine(),
    readFile: (path) => readFileSync(path, 'utf8'),
    ...(dotEnv ? { dotEnv } : {}),
  });
};

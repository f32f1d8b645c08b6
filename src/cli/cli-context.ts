import type { Writable } from 'node:stream';
import type { CommandName } from '../config/command-name.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Output } from './output.ts';

/** What a command works with. */
export interface CliContext {
  readonly stdout: Output;
  /** For people: progress, notes, errors. */
  readonly stderr: Writable;
  /** Does a person look at stdout, stderr? */
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Settings for a command from its flags, the environment and `.env`. Throws CONFIG_INVALID. */
  config(command: CommandName, flags: Readonly<Record<string, unknown>>): Config;
  logger(config: Config): Logger;
  /** Exit code of a command that ends without an error but not with 0. */
  exitWith(code: number): void;
}

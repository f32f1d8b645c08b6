import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/run-cli.ts';
import { createOutput } from '../../src/cli/output.ts';

const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

const neverRun = (): never => {
  throw new Error('the tree is read, not run');
};

/** The program's commands; nothing of it is run. */
const program = (): Command =>
  buildProgram({
    stdout: createOutput(nowhere()),
    stderr: nowhere(),
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    config: neverRun,
    logger: neverRun,
    exitWith: neverRun,
  });

/** A command with its whole name, such as `db migrate`; the program itself has none. */
export interface NamedCommand {
  readonly name: string;
  readonly command: Command;
}

const within = (command: Command, names: readonly string[]): NamedCommand[] => [
  { name: names.join(' '), command },
  ...command.commands.flatMap((child) => within(child, [...names, child.name()])),
];

/** The program and all of its commands, in the order of `--help`. */
export const commandTree = (): readonly NamedCommand[] => within(program(), []);

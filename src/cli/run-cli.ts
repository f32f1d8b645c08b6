import { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { packageVersion } from '../config/package-version.ts';
import { readConfig } from '../config/read-config.ts';
import { createLogger } from '../telemetry/logger.ts';
import type { CliContext } from './cli-context.ts';
import { addAnalyze } from './commands/analyze.ts';
import { addDb } from './commands/db.ts';
import { addDemo } from './commands/demo.ts';
import { addExport } from './commands/export.ts';
import { addArticles, addContacts, addTickets } from './commands/records.ts';
import { addSandbox } from './commands/sandbox.ts';
import { addSearch } from './commands/search.ts';
import { addServe } from './commands/serve.ts';
import { addShow } from './commands/show.ts';
import { addSimilar } from './commands/similar.ts';
import { addStatus } from './commands/status.ts';
import { addSync } from './commands/sync.ts';
import { addTrends } from './commands/trends.ts';
import { addVerify } from './commands/verify.ts';
import { createOutput } from './output.ts';
import { asReportable, errorJson, errorLines, wasShown } from './report-error.ts';

/** The command tree; `docs/reference/commands.md` is made from it. */
export const buildProgram = (context: CliContext): Command => {
  const program = new Command('fast-intercom-mcp')
    .description(
      'A local-first MCP server for Intercom workspaces: mirrors every conversation, answers from the mirror.',
    )
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => undefined });
  const commands = [
    addDemo,
    addServe,
    addSync,
    addVerify,
    addStatus,
    addSearch,
    addShow,
    addSimilar,
    addAnalyze,
    addTrends,
    addContacts,
    addTickets,
    addArticles,
    addExport,
    addSandbox,
    addDb,
  ];
  for (const add of commands) add(program, context);
  return program;
};

const createContext = (exitWith: (code: number) => void): CliContext => ({
  stdout: createOutput(process.stdout),
  stderr: process.stderr,
  stdoutIsTerminal: Boolean(process.stdout.isTTY),
  stderrIsTerminal: Boolean(process.stderr.isTTY),
  config: readConfig,
  logger: (config: Config) => createLogger(config.logLevel),
  exitWith,
});

/** Runs one command line. @returns the exit code */
export const runCli = async (args: readonly string[]): Promise<number> => {
  let code = 0;
  const context = createContext((wanted) => {
    code = wanted;
  });
  try {
    await buildProgram(context).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (wasShown(error)) return error.exitCode;
    if (context.stdout.gone.aborted) return 0;
    const known = asReportable(error);
    if (args.includes('--json')) await context.stdout.write(`${JSON.stringify(errorJson(known))}\n`);
    process.stderr.write(errorLines(known));
    return known.exitCode;
  }
};

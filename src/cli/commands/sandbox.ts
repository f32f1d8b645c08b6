import type { Command } from 'commander';
import { AppError } from '../../errors/app-error.ts';
import type { AccessEntry } from '../../sandbox/access-log.ts';
import type { CliContext } from '../cli-context.ts';
import { aborted, onInterrupt } from '../interrupt.ts';
import { wholeNumberBetween } from '../parse-argument.ts';

interface SandboxFlags {
  readonly port: number;
  readonly conversations?: number;
  readonly companies?: number;
  readonly seed: number;
  readonly corpus?: string;
  readonly latencyMs: number;
  readonly rateLimit?: number;
  readonly incident?: boolean;
  readonly accessLog?: boolean;
  readonly json?: boolean;
}

const DEFAULT_PORT = 4010;
const MAX_CONVERSATIONS = 1_000_000;

const worldOf = async (flags: SandboxFlags) => {
  if (flags.incident && flags.corpus !== undefined)
    throw new AppError('USAGE_INVALID', 'An incident can be planted in made-up text only.', {
      remedy: 'Leave out --incident or --corpus.',
    });
  const { createWorld } = await import('../../sandbox/world/create-world.ts');
  try {
    return await createWorld({
      seed: flags.seed,
      incident: flags.incident ?? false,
      ...(flags.conversations === undefined ? {} : { conversations: flags.conversations }),
      ...(flags.companies === undefined ? {} : { companies: flags.companies }),
      ...(flags.corpus === undefined ? {} : { corpusDir: flags.corpus }),
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new AppError('USAGE_INVALID', `The corpus cannot be used: ${reason}.`, {
      cause,
      remedy: 'Give --corpus a folder of *.jsonl or *.jsonl.gz files.',
    });
  }
};

/** The errors of listening that a user can mend. */
const listenError = (cause: NodeJS.ErrnoException, port: number): Error => {
  if (cause.code === 'EADDRINUSE')
    return new AppError('PORT_IN_USE', `Port ${port} is in use by another process.`, { cause });
  if (cause.code === 'EACCES')
    return new AppError('USAGE_INVALID', `Port ${port} may not be listened on by this user.`, {
      cause,
      remedy: 'Take a port above 1023, or 0 for a free one.',
    });
  return cause;
};

/** One request as one line: method, path, status, time, and what was done to the answer on purpose. */
const logLine = (entry: AccessEntry): string =>
  `${entry.method} ${entry.path}${entry.query} ${entry.status} ${Math.round(entry.durationMs)} ms${entry.fault === null ? '' : ` fault=${entry.fault}`}\n`;

export const addSandbox = (program: Command, context: CliContext): void => {
  program
    .command('sandbox')
    .description('Run a simulated Intercom API on this machine, until Ctrl-C.')
    .option(
      '--port <number>',
      'port to listen on; 0 takes a free one',
      wholeNumberBetween(0, 65_535),
      DEFAULT_PORT,
    )
    .option(
      '--conversations <number>',
      'how many (default: 1000, or each of the corpus once)',
      wholeNumberBetween(0, MAX_CONVERSATIONS),
    )
    .option(
      '--companies <number>',
      'how many (default: as the conversations ask for)',
      wholeNumberBetween(0, MAX_CONVERSATIONS),
    )
    .option(
      '--seed <number>',
      'the same seed gives the same workspace',
      wholeNumberBetween(0, 2 ** 31 - 1),
      1,
    )
    .option('--corpus <folder>', 'take the text from the *.jsonl and *.jsonl.gz files of a folder')
    .option('--latency-ms <ms>', 'added to every answer', wholeNumberBetween(0, 600_000), 0)
    .option(
      '--rate-limit <calls>',
      'calls a minute, in windows of ten seconds (default: no limit)',
      wholeNumberBetween(6, 100_000_000),
    )
    .option('--incident', 'plant an incident: three days in which many write about the same failure')
    .option('--access-log', 'write a line to stderr for each request')
    .option('--json', 'where it listens as one JSON line')
    .action(async (flags: SandboxFlags) => {
      const { startSandbox } = await import('../../sandbox/start-sandbox.ts');
      const world = await worldOf(flags);
      using interrupt = onInterrupt();
      const sandbox = await startSandbox({
        world,
        port: flags.port,
        latencyMs: flags.latencyMs,
        ...(flags.rateLimit === undefined ? {} : { rateLimitPerMinute: flags.rateLimit }),
        ...(flags.accessLog ? { accessLog: (entry) => void context.stderr.write(logLine(entry)) } : {}),
      }).catch((cause: NodeJS.ErrnoException) => {
        throw listenError(cause, flags.port);
      });
      const conversations = world.conversations.count;
      const settings = { INTERCOM_API_BASE_URL: sandbox.url, INTERCOM_ACCESS_TOKEN: 'sandbox' };
      await context.stdout.write(
        flags.json
          ? `${JSON.stringify({ ...settings, conversations })}\n`
          : `${Object.entries(settings)
              .map(([name, value]) => `${name}=${value}`)
              .join('\n')}\n`,
      );
      context.stderr.write(
        `A simulated Intercom with ${conversations} conversations listens; Ctrl-C ends it.\n`,
      );
      await Promise.race([aborted(interrupt.signal), aborted(context.stdout.gone)]);
      await sandbox.close();
    });
};

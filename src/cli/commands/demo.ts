import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { runHttp } from '../../app/run-serve.ts';
import { runSync } from '../../app/run-sync.ts';
import type { Config } from '../../config/config.ts';
import { Secret } from '../../config/secret.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { createWorld } from '../../sandbox/world/create-world.ts';
import type { CliContext } from '../cli-context.ts';
import { createProgressView } from '../format/progress.ts';
import { safeLine, safeLines } from '../format/safe-text.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { count, duration } from '../format/words.ts';
import { aborted, onInterrupt } from '../interrupt.ts';
import { wholeNumberBetween } from '../parse-argument.ts';
import { type TourAnswer, tour } from './demo-tour.ts';

const CONVERSATIONS = 800;
const LATENCY_MS = 40;
const SEED = 7;
/** Lines of an answer that are shown. */
const SHOWN_LINES = 9;

interface DemoFlags {
  readonly once?: boolean;
  readonly port?: number;
}

/** Our marks say to a model what a person sees anyway. */
const forPerson = (text: string): string => text.replaceAll(/<\/?untrusted>/g, '');

const answerLines = (answer: TourAnswer, number: number, style: Style): string => {
  const lines = safeLines(forPerson(answer.text)).filter(
    (line) => !line.startsWith('Text inside') && !line.startsWith('More: call') && !line.startsWith('As of'),
  );
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map((line) => `   ${line.length > 160 ? `${line.slice(0, 159)}…` : line}`);
  return [
    '',
    `${style('bold', `${number}. ${safeLine(answer.question)}`)}`,
    style('dim', `   ${answer.tool} ${JSON.stringify(answer.args)} → ${answer.ms.toFixed(1)} ms`),
    ...shown,
    ...(lines.length > SHOWN_LINES ? [style('dim', `   … ${lines.length - SHOWN_LINES} more lines`)] : []),
    '',
  ].join('\n');
};

const connectHelp = (url: string): string => `
MCP over Streamable HTTP is up, on the mirror you just saw: ${url}/mcp

  Claude Code   claude mcp add --transport http fast-intercom ${url}/mcp
  Cursor, …     { "mcpServers": { "fast-intercom": { "url": "${url}/mcp" } } }

With your own workspace: set INTERCOM_ACCESS_TOKEN, run \`npx . sync\`, and let your client start \`npx . serve\`.
Ctrl-C ends the demo.
`;

const demoConfig = (context: CliContext, flags: DemoFlags, url: string, databaseUrl: string): Config => ({
  ...context.config('demo', {}),
  accessToken: new Secret('sandbox'),
  apiBaseUrl: url,
  databaseUrl: new Secret(databaseUrl),
  port: flags.port ?? 0,
});

const runTour = async (
  context: CliContext,
  settings: Readonly<Record<string, string>>,
  style: Style,
): Promise<void> => {
  const started = performance.now();
  let number = 0;
  let slowest = 0;
  for await (const answer of tour({ ...settings, NO_COLOR: '1' })) {
    number += 1;
    slowest = Math.max(slowest, answer.ms);
    await context.stdout.write(answerLines(answer, number, style));
  }
  await context.stdout.write(
    `\n${number} questions through an official MCP client over stdio in ${duration(performance.now() - started)}, its start included; the slowest call took ${slowest.toFixed(1)} ms.\n`,
  );
};

export const addDemo = (program: Command, context: CliContext): void => {
  program
    .command('demo')
    .description(
      'See it work: a simulated Intercom, a real sync, answers through a real MCP client. No token needed.',
    )
    .option('--once', 'end after the tour')
    .option(
      '--port <number>',
      'port to serve on after the tour (default: a free one)',
      wholeNumberBetween(0, 65_535),
    )
    .action(async (flags: DemoFlags) => {
      const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
      using interrupt = onInterrupt();
      await using cleanup = new AsyncDisposableStack();
      const folder = await mkdtemp(join(tmpdir(), 'fast-intercom-demo-'));
      cleanup.defer(() => rm(folder, { recursive: true, force: true }));
      const databaseUrl = `sqlite:${join(folder, 'mirror.db')}`;
      const world = await createWorld({ seed: SEED, conversations: CONVERSATIONS, incident: true });
      const sandbox = await startSandbox({ world, latencyMs: LATENCY_MS, rateLimitPerMinute: 10_000 });
      cleanup.defer(() => sandbox.close());
      await context.stdout.write(
        `${style('bold', 'FastIntercomMCP demo')}: a simulated Intercom with ${count(CONVERSATIONS)} conversations in ten languages (${LATENCY_MS} ms an answer), mirrored by a real sync.\n\n`,
      );
      const config = demoConfig(context, flags, sandbox.url, databaseUrl);
      const logger = context.logger(config);
      const view = createProgressView(context.stderr, context.stderrIsTerminal, '  ');
      const result = await runSync(config, { signal: interrupt.signal, onProgress: view.show }, logger);
      view.end();
      await context.stdout.write(
        `\nMirrored ${count(result.entities.conversations?.listed ?? 0)} conversations with every message in ${duration(result.duration_ms)}, ${count(result.requests)} API requests.\n`,
      );
      await runTour(
        context,
        { DATABASE_URL: databaseUrl, INTERCOM_API_BASE_URL: sandbox.url, INTERCOM_ACCESS_TOKEN: 'sandbox' },
        style,
      );
      if (flags.once || interrupt.signal.aborted) return;
      const untilEnd = AbortSignal.any([interrupt.signal, context.stdout.gone]);
      await runHttp(
        { config, logger, noSync: false, signal: untilEnd },
        ({ url }) => void context.stdout.write(connectHelp(url)),
      );
      await aborted(untilEnd);
    });
};

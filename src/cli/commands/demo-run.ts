import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runHttp } from '../../app/run-serve.ts';
import { runSync } from '../../app/run-sync.ts';
import type { Config } from '../../config/config.ts';
import { Secret } from '../../config/secret.ts';
import { DEFAULT_ALIAS } from '../../lib/workspace-alias.ts';
import { startSandbox } from '../../sandbox/start-sandbox.ts';
import { createWorld } from '../../sandbox/world/create-world.ts';
import type { CliContext } from '../cli-context.ts';
import { createProgressView } from '../format/progress.ts';
import { plainStyle, type Style, styleFor } from '../format/style.ts';
import { count, counted, duration } from '../format/words.ts';
import { answerText, connectText } from './demo-text.ts';
import { type TourOptions, tour } from './demo-tour.ts';

const CONVERSATIONS = 800;
const LATENCY_MS = 40;
const SEED = 7;
/** Lines are cut here where no terminal says how wide it is, and in wider ones too. */
const COLUMNS = 100;

export interface DemoFlags {
  readonly once?: boolean;
  readonly port?: number;
}

/** What the steps of one demo share. */
interface Demo {
  readonly context: CliContext;
  readonly config: Config;
  readonly style: Style;
  readonly signal: AbortSignal;
  /** The file that this process was started with: the tour starts it once more as a server. */
  readonly main: string;
}

const mirrorIt = async ({ context, config, style, signal }: Demo): Promise<void> => {
  await context.stdout.write(`${style('bold', 'Mirror it')}: a real sync through the API.\n\n`);
  const view = createProgressView(context.stderr, context.stderrIsTerminal, '   ');
  const result = await runSync(config, { signal, onProgress: view.show }, context.logger(config)).finally(
    view.end,
  );
  const listed = counted(result.entities.conversations?.listed ?? 0, 'conversation');
  await context.stdout.write(
    `\n   ${listed} with every message are now in a local SQLite file: ${duration(result.duration_ms)}, ${counted(result.requests, 'API request')}.\n\n`,
  );
};

const askIt = async ({ context, style, main, signal }: Demo, env: TourOptions['env']): Promise<void> => {
  await context.stdout.write(
    `${style('bold', 'Ask it')}: an official MCP client over stdio; every answer comes from the mirror.\n`,
  );
  const columns = Math.min(COLUMNS, process.stdout.columns ?? COLUMNS);
  const started = performance.now();
  const times: number[] = [];
  for await (const answer of tour({ main, env })) {
    times.push(answer.ms);
    await context.stdout.write(answerText(answer, times.length, style, columns));
    if (signal.aborted) return;
  }
  const asked = times.reduce((sum, ms) => sum + ms, 0);
  await context.stdout.write(
    `\n${counted(times.length, 'question')} in ${duration(asked)}, the slowest in ${duration(Math.max(...times))}; ${duration(performance.now() - started)} with the start of server and client.\n`,
  );
};

/** The simulated Intercom, the mirror's folder and the settings; all of it is gone when `cleanup` is disposed. */
const prepare = async (context: CliContext, flags: DemoFlags, cleanup: AsyncDisposableStack) => {
  const folder = await mkdtemp(join(tmpdir(), 'fast-intercom-demo-'));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const world = await createWorld({ seed: SEED, conversations: CONVERSATIONS, incident: true });
  const sandbox = await startSandbox({ world, latencyMs: LATENCY_MS, rateLimitPerMinute: 10_000 });
  cleanup.defer(() => sandbox.close());
  const databaseUrl = `sqlite:${join(folder, 'mirror.db')}`;
  const token = 'sandbox';
  const config: Config = {
    ...context.config('demo', { ...flags }),
    workspaces: [
      {
        alias: DEFAULT_ALIAS,
        accessToken: new Secret(token),
        apiBaseUrl: sandbox.url,
        region: undefined,
        clientSecret: undefined,
      },
    ],
    databaseUrl: new Secret(databaseUrl),
    port: flags.port ?? 0,
  };
  const env = {
    DATABASE_URL: databaseUrl,
    INTERCOM_API_BASE_URL: sandbox.url,
    INTERCOM_ACCESS_TOKEN: token,
    NO_COLOR: '1',
  };
  return { config, env };
};

const serveIt = async ({ context, config, signal, main }: Demo): Promise<void> => {
  await runHttp({ config, logger: context.logger(config), noSync: false, signal }, ({ url }) => {
    void context.stdout.write(connectText(url, `${process.execPath} ${main}`));
  });
};

/** A simulated Intercom, a real sync, answers through a real MCP client; then it serves, unless `once`. */
export const runDemo = async (
  context: CliContext,
  flags: DemoFlags,
  interrupted: AbortSignal,
): Promise<void> => {
  const started = performance.now();
  await using cleanup = new AsyncDisposableStack();
  const style = context.stdoutIsTerminal ? styleFor(process.stdout) : plainStyle;
  await context.stdout.write(
    `${style('bold', 'FastIntercomMCP demo')}: a simulated Intercom with ${count(CONVERSATIONS)} conversations in ten languages.\nIts API takes ${LATENCY_MS} ms an answer. No token, no account, nothing leaves this machine.\n\n`,
  );
  const { config, env } = await prepare(context, flags, cleanup);
  const signal = AbortSignal.any([interrupted, context.stdout.gone]);
  const demo = { context, config, style, signal, main: process.argv[1] ?? '' };
  await mirrorIt(demo);
  await askIt(demo, env);
  await context.stdout.write(`The demo took ${duration(performance.now() - started)} in all.\n`);
  if (!flags.once && !signal.aborted) await serveIt(demo);
};

import { access } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { packageVersion } from '../config/package-version.ts';
import type { Readiness } from '../http/build-routes.ts';
import type { WebhookDesk } from '../http/webhook-route.ts';
import { assertLoopback, type HttpServer, startHttpServer } from '../http/create-http-server.ts';
import { createMcpServerFactory } from '../mcp/create-mcp-server.ts';
import { enabledTools } from '../mcp/enabled-tools.ts';
import { serveStdio } from '../mcp/serve-stdio.ts';
import { sqlitePathOf } from '../storage/open-store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type App, openApp } from './open-app.ts';
import { openWebhooks } from './open-webhooks.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly noSync: boolean;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** Everything after this is cut off: a client that ended its server does not wait for long (CONTRACT "Life of serve"). */
const SHUTDOWN_MS = 1_500;
/** A probe of readiness wants a quick no rather than a late one. */
const READY_DEADLINE_MS = 2_000;

const untilAborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Starts the background sync, once. Clients start throw-away copies to look at the tools: so at the first real request. */
const starterOf = (app: App, { config }: ServeOptions, ending: () => boolean): (() => void) => {
  let started = false;
  return () => {
    if (started || ending()) return;
    started = true;
    app.sync?.start({ pollMs: config.pollSeconds * 1000 });
  };
};

type Tools = ReturnType<typeof enabledTools>;

const factoryOf = (app: App, tools: Tools, { logger }: ServeOptions, onActivity: () => void) =>
  createMcpServerFactory({ query: app.query, tools, logger, version: packageVersion(), onActivity });

/** Ends the process when shutting down takes too long: a statement that hangs, an answer that nobody reads. */
const exitLate = (logger: Logger): NodeJS.Timeout =>
  setTimeout(() => {
    logger.warn({}, 'shutting down took too long');
    process.exit();
  }, SHUTDOWN_MS).unref();

/**
 * A read that works proves that the database is there and has the schema this version knows; of a file an open handle
 * proves nothing, for it outlives the file.
 * @throws AppError STORE_*
 */
const isReady = async (app: App, config: Config): Promise<Readiness> => {
  const path = sqlitePathOf(config.databaseUrl.reveal());
  if (path !== undefined) await access(path);
  await app.query.listWorkspaces({ deadlineMs: READY_DEADLINE_MS });
  return { database: true, migrations: true };
};

/** The server lets its calls finish while the sync lets go of its lease; then everything else is released. */
const shutDown = async (
  app: App,
  server: { close(): Promise<void> } | undefined,
  webhooks?: WebhookDesk,
): Promise<void> => {
  await Promise.all([server?.close(), app.sync?.stop(), webhooks?.close()]);
  await app[Symbol.asyncDispose]();
};

/** MCP over stdio until stdin ends or the signal aborts. @throws AppError CONFIG_INVALID, STORE_* */
export const runStdio = async (options: ServeOptions): Promise<void> => {
  const { config, logger, noSync, signal } = options;
  const tools = enabledTools(config);
  const app = await openApp({ config, logger, use: 'serve', noSync });
  let ending = false;
  const server = serveStdio(
    factoryOf(
      app,
      tools,
      options,
      starterOf(app, options, () => ending),
    ),
    { logger },
  );
  await Promise.race([server.ended, untilAborted(signal)]);
  ending = true;
  // Never cleared: what is left to write to a client that does not read would keep the process.
  exitLate(logger);
  await shutDown(app, server);
};

/** MCP over Streamable HTTP until the signal aborts; `onListening` hears where. @throws AppError CONFIG_BIND_REFUSED, CONFIG_INVALID, PORT_IN_USE, STORE_* */
export const runHttp = async (
  options: ServeOptions,
  onListening: (server: HttpServer) => void,
): Promise<void> => {
  const { config, logger, noSync, signal } = options;
  assertLoopback(config.host);
  const tools = enabledTools(config);
  const app = await openApp({ config, logger, use: 'serve', noSync });
  const onActivity = starterOf(app, options, () => signal.aborted);
  const webhooks = openWebhooks(app, config, logger, onActivity);
  let server: HttpServer | undefined;
  try {
    server = await startHttpServer({
      factory: factoryOf(app, tools, options, onActivity),
      host: config.host,
      port: config.port,
      logger,
      ready: () => isReady(app, config),
      webhooks,
    });
    onListening(server);
    await untilAborted(signal);
  } finally {
    const late = exitLate(logger);
    await shutDown(app, server, webhooks);
    clearTimeout(late);
  }
};

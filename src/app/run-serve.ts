import type { Config } from '../config/config.ts';
import { packageVersion } from '../config/package-version.ts';
import { type HttpServer, startHttpServer } from '../http/create-http-server.ts';
import { createMcpServerFactory } from '../mcp/create-mcp-server.ts';
import { serveStdio } from '../mcp/serve-stdio.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type App, openApp } from './open-app.ts';

export interface ServeOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly noSync: boolean;
  /** Ends the server. */
  readonly signal: AbortSignal;
}

/** Everything after this is cut off: a client that ended its server does not wait for long (CONTRACT "Life of serve"). */
const SHUTDOWN_MS = 1_800;

const untilAborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const factoryOf = (app: App, { config, logger }: ServeOptions) => {
  let started = false;
  return createMcpServerFactory({
    query: app.query,
    logger,
    version: packageVersion(),
    // Clients start throw-away copies to look at the tools: nobody is called before the first real request.
    onActivity() {
      if (started) return;
      started = true;
      app.sync?.start({ pollMs: config.pollSeconds * 1000 });
    },
  });
};

/** Releases everything, or stops waiting for it: a statement or an answer that hangs must not keep the process. */
const shutDown = async (app: App, logger: Logger): Promise<void> => {
  const timer = setTimeout(() => {
    logger.warn({}, 'shutting down took too long');
    process.exit();
  }, SHUTDOWN_MS);
  try {
    await app[Symbol.asyncDispose]();
  } finally {
    clearTimeout(timer);
  }
};

/** MCP over stdio until stdin ends or the signal aborts. @throws AppError STORE_* */
export const runStdio = async (options: ServeOptions): Promise<void> => {
  const app = await openApp({
    config: options.config,
    logger: options.logger,
    use: 'serve',
    noSync: options.noSync,
  });
  const server = serveStdio(factoryOf(app, options), { logger: options.logger });
  await Promise.race([server.ended, untilAborted(options.signal)]);
  await server.close();
  await shutDown(app, options.logger);
};

/** MCP over Streamable HTTP until the signal aborts; `onListening` hears where. @throws AppError CONFIG_BIND_REFUSED, PORT_IN_USE, STORE_* */
export const runHttp = async (
  options: ServeOptions,
  onListening: (server: HttpServer) => void,
): Promise<void> => {
  const { config, logger, signal } = options;
  const app = await openApp({ config, logger, use: 'serve', noSync: options.noSync });
  try {
    const server = await startHttpServer({
      factory: factoryOf(app, options),
      host: config.host,
      port: config.port,
      logger,
      // A read that works proves that the database is there and has the schema this version knows.
      ready: async () => {
        await app.query.getSyncStatus();
        return { database: true, migrations: true };
      },
    });
    onListening(server);
    await untilAborted(signal);
    await server.close();
  } finally {
    await shutDown(app, logger);
  }
};

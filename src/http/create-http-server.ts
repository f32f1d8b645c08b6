import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { isLoopback, loopbackGuard } from './loopback-guard.ts';

export interface Readiness {
  readonly database: boolean;
  readonly migrations: boolean;
}

export interface HttpServerOptions {
  readonly factory: McpServerFactory;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logger: Logger;
  readonly ready: () => Promise<Readiness>;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, lets running ones finish for a moment, then closes every connection. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const CLOSE_GRACE_MS = 1_500;

const buildApp = (options: HttpServerOptions, handler: ReturnType<typeof createMcpHandler>): Hono => {
  const { logger, ready } = options;
  const app = new Hono();
  app.use(loopbackGuard);
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => context.json({ error: 'The body is too large.' }, 413),
    }),
  );
  app.all('/mcp', (context) => handler.fetch(context.req.raw));
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/ready', async (context) => {
    const state = await ready().catch(() => ({ database: false, migrations: false }));
    const ok = state.database && state.migrations;
    return context.json({ status: ok ? 'ready' : 'not ready', ...state }, ok ? 200 : 503);
  });
  app.notFound((context) => context.json({ error: 'There is nothing at this address.' }, 404));
  app.onError((error, context) => {
    logger.error({ err: error }, 'an HTTP request failed');
    return context.json({ error: 'The request failed inside the server.' }, 500);
  });
  return app;
};

const listen = (server: ServerType, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new AppError('PORT_IN_USE', `Port ${port} is in use by another process.`, { cause })
          : cause,
      ),
    );
    server.listen(port, host, resolve);
  });

/**
 * Starts Streamable HTTP on `POST /mcp`, with `GET /health` and `GET /ready`.
 * @throws AppError CONFIG_BIND_REFUSED for an address beyond this machine, PORT_IN_USE
 */
export const startHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  const { factory, host, port, logger } = options;
  if (!isLoopback(host)) throw new AppError('CONFIG_BIND_REFUSED');
  const handler = createMcpHandler(factory, {
    legacy: 'stateless',
    onerror: (error) => logger.debug({ err: error }, 'protocol error'),
  });
  const server = createAdaptorServer({ fetch: buildApp(options, handler).fetch });
  await listen(server, port, host);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ('closeIdleConnections' in server) server.closeIdleConnections();
      const grace = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_GRACE_MS).unref());
      await Promise.race([closed, grace]);
      await handler.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
};

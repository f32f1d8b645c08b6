import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import { createMcpHandler, type McpServerFactory } from '@modelcontextprotocol/server';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { buildRoutes, type Readiness } from './build-routes.ts';
import { isLoopback } from './loopback-guard.ts';
import type { WebhookDesk } from './webhook-route.ts';

export interface HttpServerOptions {
  readonly factory: McpServerFactory;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly logger: Logger;
  readonly ready: () => Promise<Readiness>;
  /** See `RoutesOptions`. */
  readonly webhooks?: WebhookDesk | undefined;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, lets running ones finish for a moment, then closes every connection. */
  close(): Promise<void>;
}

const CLOSE_GRACE_MS = 1_100;
/** How often connections that have become idle are closed while the server ends. */
const CLOSE_POLL_MS = 20;

/** `[::1]` is how the address stands in a URL; sockets take it without brackets. */
const bareHost = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');

/** @throws AppError CONFIG_BIND_REFUSED for an address beyond this machine */
export const assertLoopback = (host: string): void => {
  if (!isLoopback(bareHost(host))) throw new AppError('CONFIG_BIND_REFUSED');
};

const listenError = (cause: NodeJS.ErrnoException, host: string, port: number): Error => {
  if (cause.code === 'EADDRINUSE')
    return new AppError('PORT_IN_USE', `Port ${port} is in use by another process.`, { cause });
  if (cause.code === 'EACCES')
    return new AppError('CONFIG_INVALID', `This user may not listen on port ${port}.`, { cause });
  if (cause.code === 'EADDRNOTAVAIL' || cause.code === 'ENOTFOUND')
    return new AppError('CONFIG_INVALID', `HOST ${host} is no address of this machine.`, { cause });
  return cause;
};

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(cause, host, port)));
    server.listen(port, host, resolve);
  });

/** Node closes the connections that are idle now; one whose answer comes later stays, and would keep the server. */
const closeAsTheyFinish = async (server: Server): Promise<void> => {
  const closed = new Promise<boolean>((resolve) => server.close(() => resolve(true)));
  const until = performance.now() + CLOSE_GRACE_MS;
  while (performance.now() < until) {
    if (await Promise.race([closed, sleep(CLOSE_POLL_MS, false)])) return;
    server.closeIdleConnections();
  }
};

/**
 * Starts Streamable HTTP on `POST /mcp`, with `GET /health` and `GET /ready`, and `POST /webhooks/intercom` where there is a desk for it.
 * @throws AppError CONFIG_BIND_REFUSED, CONFIG_INVALID for an address or port that cannot be had, PORT_IN_USE
 */
export const startHttpServer = async (options: HttpServerOptions): Promise<HttpServer> => {
  const { factory, port, logger, ready, webhooks } = options;
  assertLoopback(options.host);
  const host = bareHost(options.host);
  const handler = createMcpHandler(factory, {
    legacy: 'stateless',
    onerror: (error) => logger.debug({ err: error }, 'protocol error'),
  });
  let closing = false;
  const app = buildRoutes({ handler, logger, ready, webhooks, closing: () => closing });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  await listen(server, port, host);
  // What goes wrong with the socket from now on must not end the process.
  server.on('error', (error) => logger.warn({ err: error }, 'the HTTP server met an error'));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    async close() {
      closing = true;
      await closeAsTheyFinish(server);
      await handler.close();
      server.closeAllConnections();
    },
  };
};

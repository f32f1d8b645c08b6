import type { createMcpHandler } from '@modelcontextprotocol/server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from '../telemetry/logger.ts';
import { directOnly, loopbackGuard } from './loopback-guard.ts';
import { WEBHOOK_PATH, type WebhookDesk, webhookRoute } from './webhook-route.ts';

export interface Readiness {
  readonly database: boolean;
  readonly migrations: boolean;
}

export interface RoutesOptions {
  readonly handler: Pick<ReturnType<typeof createMcpHandler>, 'fetch'>;
  readonly logger: Logger;
  readonly ready: () => Promise<Readiness>;
  /** The server is to end: what still comes in over an open connection is sent away. */
  readonly closing: () => boolean;
  /** Takes webhooks; absent where no client secret is configured. */
  readonly webhooks?: WebhookDesk | undefined;
}

const MCP_PATH = '/mcp';
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** A refusal in words: on the MCP path in JSON-RPC's form, since its clients read nothing else. */
const refuse = (context: Context, status: ContentfulStatusCode, message: string): Response =>
  context.req.path === MCP_PATH
    ? context.json({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } }, status)
    : context.json({ error: message }, status);

/** Every address of the server: `/mcp`, `/health`, `/ready`, `/webhooks/intercom`. */
export const buildRoutes = ({ handler, logger, ready, closing, webhooks }: RoutesOptions): Hono => {
  const app = new Hono();
  app.use(async (context, next) => {
    if (!closing()) return next();
    context.header('connection', 'close');
    return refuse(context, 503, 'The server is shutting down.');
  });
  if (webhooks !== undefined) {
    // Before the guard: this one address is reached from outside.
    app.route(WEBHOOK_PATH, webhookRoute(webhooks));
    app.use(directOnly);
  }
  app.use(loopbackGuard);
  app.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) => refuse(context, 413, 'The body is larger than 4 MiB.'),
    }),
  );
  app.all(MCP_PATH, (context) => handler.fetch(context.req.raw));
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.get('/ready', async (context) => {
    const state = await ready().catch(() => ({ database: false, migrations: false }));
    const ok = state.database && state.migrations;
    return context.json({ status: ok ? 'ready' : 'not ready', ...state }, ok ? 200 : 503);
  });
  app.notFound((context) =>
    refuse(
      context,
      404,
      'There is nothing at this address; MCP is at POST /mcp, and there are GET /health and GET /ready.',
    ),
  );
  app.onError((error, context) => {
    logger.error({ err: error }, 'an HTTP request failed');
    return refuse(context, 500, 'The request failed inside the server.');
  });
  return app;
};

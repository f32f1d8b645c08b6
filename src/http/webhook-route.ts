import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { WebhookDesk } from '../sync/webhooks/webhook-desk.ts';

export type { WebhookDesk };

export const WEBHOOK_PATH = '/webhooks/intercom';
/** A notification holds one object with one part of it (API-FACTS 8.2). */
const MAX_BODY_BYTES = 1024 * 1024;

const answer = (context: Context, status: 200 | 400 | 401 | 413, message: string): Response =>
  context.json(status === 200 ? { status: message } : { error: message }, status);

/**
 * `POST /webhooks/intercom`. It comes through a proxy or tunnel, whose Host is not ours to know: the signature decides
 * here, and nothing else. Whoever enters the address somewhere may look with HEAD
 * whether it is there.
 */
export const webhookRoute = (desk: WebhookDesk): Hono =>
  new Hono()
    .get('/', (context) => answer(context, 200, 'ok'))
    .post(
      '/',
      bodyLimit({
        maxSize: MAX_BODY_BYTES,
        onError: (context) => answer(context, 413, 'The body is larger than 1 MiB.'),
      }),
      async (context) => {
        const body = new Uint8Array(await context.req.arrayBuffer());
        const { message, status } = desk.receive({ body, signature: context.req.header('x-hub-signature') });
        return answer(context, status, message);
      },
    );

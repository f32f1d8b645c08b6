import { createHmac, randomUUID } from 'node:crypto';
import { ask, type HttpAnswer } from './http.ts';

export const CLIENT_SECRET = 'webhook-client-secret';

export const signatureOf = (body: string, secret = CLIENT_SECRET): string =>
  `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;

/** A notification as Intercom sends it (API-FACTS 8.2), of now. */
export const notification = (
  appId: string,
  topic: string,
  item: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, unknown>> = {},
): string => {
  const now = Math.floor(Date.now() / 1000);
  return JSON.stringify({
    type: 'notification_event',
    id: `notif_${randomUUID()}`,
    topic,
    app_id: appId,
    created_at: now,
    first_sent_at: now,
    delivery_attempts: 1,
    data: { type: 'notification_event_data', item },
    ...more,
  });
};

/** Sends a body to the webhook address, signed unless `signature` says otherwise; null for no signature. */
export const deliver = (
  server: string,
  body: string,
  {
    signature = signatureOf(body),
    headers = {},
  }: {
    readonly signature?: string | null;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<HttpAnswer> =>
  ask(`${server}/webhooks/intercom`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(signature === null ? {} : { 'x-hub-signature': signature }),
      ...headers,
    },
    body,
  });

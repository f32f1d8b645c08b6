import { createHmac } from 'node:crypto';
import { requestIdOf } from './errors.ts';
import type { Settings } from './settings.ts';
import type { JsonObject } from './world.ts';
import { randomOf } from './world/random.ts';
import type { createWaits } from './waits.ts';

/** Intercom waits so long for a 200 (API-FACTS 8.5). */
const TIMEOUT_MS = 5_000;
const STREAM = 95;
const DROP_SEED = 1;

export interface WebhookCounts {
  /** Changes that were to be told. */
  readonly told: number;
  readonly delivered: number;
  /** Given up after the retry. */
  readonly failed: number;
  /** Lost on purpose. */
  readonly dropped: number;
  readonly retried: number;
  /** Under way, or waiting for the retry. */
  readonly pending: number;
  /** A 410 has ended the subscription for good. */
  readonly disabled: boolean;
}

/** `X-Hub-Signature` of a notification: over the raw bytes (API-FACTS 8.4). */
export const signatureOf = (body: string, secret: string): string =>
  `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;

export interface WebhookFacts {
  readonly settings: () => Settings;
  /** Unix ms. */
  readonly now: () => number;
  readonly workspaceId: () => string;
  readonly waits: ReturnType<typeof createWaits>;
}

/** Tells of changes as Intercom's webhooks do: no order, one retry, and what fails then is gone (API-FACTS 8). */
export const createWebhooks = ({ settings, now, workspaceId, waits }: WebhookFacts) => {
  const counts = { told: 0, delivered: 0, failed: 0, dropped: 0, retried: 0, pending: 0, disabled: false };
  const closing = new AbortController();

  const envelope = (number: number, attempt: number, topic: string, item: JsonObject, at: number) =>
    JSON.stringify({
      type: 'notification_event',
      id: `notif_${requestIdOf(number)}`,
      topic,
      app_id: workspaceId(),
      created_at: at,
      delivery_attempts: attempt,
      first_sent_at: at,
      data: { type: 'notification_event_data', item },
    });

  /** @returns the status; 0 when none came */
  const post = async (body: string): Promise<number> => {
    const { webhookUrl, webhookSecret } = settings();
    if (webhookUrl === null) return 0;
    try {
      const response = await fetch(webhookUrl, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json; charset=utf-8',
          'X-Hub-Signature': signatureOf(body, webhookSecret),
          'User-Agent': 'intercom-webhooks/1.0',
        },
        body,
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), closing.signal]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  };

  const deliver = async (bodyOf: (attempt: number) => string): Promise<void> => {
    for (const attempt of [1, 2]) {
      if (attempt === 2) {
        await waits.wait(settings().webhookRetryMs);
        counts.retried += 1;
      }
      const status = await post(bodyOf(attempt));
      if (status === 410) counts.disabled = true;
      if (status >= 200 && status < 300) {
        counts.delivered += 1;
        return;
      }
      if (counts.disabled) break;
    }
    counts.failed += 1;
  };

  const send = (bodyOf: (attempt: number) => string): void => {
    counts.pending += 1;
    void deliver(bodyOf).finally(() => {
      counts.pending -= 1;
    });
  };

  return {
    tell(topic: string, item: JsonObject): void {
      const { webhookUrl, webhookDropShare, webhookRepeatShare } = settings();
      if (webhookUrl === null || counts.disabled) return;
      counts.told += 1;
      const random = randomOf(DROP_SEED, STREAM, counts.told);
      const [drop, repeat] = [random(), random()];
      if (drop < webhookDropShare) {
        counts.dropped += 1;
        return;
      }
      // The item is written down now: it goes on changing.
      const number = counts.told;
      const at = Math.floor(now() / 1000);
      const bodies = [1, 2].map((attempt) => envelope(number, attempt, topic, item, at));
      const bodyOf = (attempt: number): string => bodies[attempt - 1] ?? '';
      send(bodyOf);
      if (repeat < webhookRepeatShare) send(bodyOf);
    },
    counts: (): WebhookCounts => ({ ...counts }),
    close: (): void => closing.abort(),
  };
};

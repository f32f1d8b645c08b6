import type { Config } from '../config/config.ts';
import { systemClock } from '../lib/clock.ts';
import { createWebhookDesk, type WebhookDesk } from '../sync/webhooks/webhook-desk.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type App, DEFAULT_ALIAS } from './open-app.ts';

/**
 * Takes webhooks where a client secret is configured and the database can be written: another process may sync, so this
 * one need not. `onGenuine` hears of each genuine notification.
 */
export const openWebhooks = (
  { readOnly, store }: App,
  { clientSecret }: Config,
  logger: Logger,
  onGenuine: () => void,
): WebhookDesk | undefined => {
  if (clientSecret === undefined) return undefined;
  if (readOnly) {
    logger.warn({}, 'the database can only be read, so webhooks are not taken');
    return undefined;
  }
  const sources = [{ alias: DEFAULT_ALIAS, secret: clientSecret.reveal() }];
  return createWebhookDesk({ store, sources, clock: systemClock, logger, onGenuine });
};

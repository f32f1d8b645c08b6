import type { Config } from '../config/config.ts';
import { systemClock } from '../lib/clock.ts';
import { createWebhookDesk, type WebhookDesk } from '../sync/webhooks/webhook-desk.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { App } from './open-app.ts';

/**
 * Takes webhooks of the workspaces whose client secret is configured, where the database can be written: another process may sync, so this
 * one need not. `onGenuine` hears of each genuine notification.
 */
export const openWebhooks = (
  { readOnly, store }: App,
  { workspaces }: Config,
  logger: Logger,
  onGenuine: () => void,
): WebhookDesk | undefined => {
  const sources = workspaces.flatMap(({ alias, clientSecret }) =>
    clientSecret === undefined ? [] : [{ alias, secret: clientSecret.reveal() }],
  );
  if (sources.length === 0) return undefined;
  if (readOnly) {
    logger.warn({}, 'the database can only be read, so webhooks are not taken');
    return undefined;
  }
  return createWebhookDesk({ store, sources, clock: systemClock, logger, onGenuine });
};

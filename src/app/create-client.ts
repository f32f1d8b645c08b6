import type { Config } from '../config/config.ts';
import { packageVersion } from '../config/package-version.ts';
import { AppError } from '../errors/app-error.ts';
import { createIntercomClient, type IntercomClient } from '../intercom/client.ts';
import { configureNetwork } from '../intercom/network.ts';
import { hostOf } from '../intercom/region.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Requests beside those for threads: lists of conversations and contacts, the small tables. */
const LISTING_IN_FLIGHT = 16;

/** An API client, with what is to be undone when it is no longer needed. */
export interface OpenedClient {
  readonly client: IntercomClient;
  close(): Promise<void>;
}

/**
 * The API client that the settings describe; sends nothing yet. Proxy and certificates are set for the whole process.
 * @throws AppError CONFIG_TOKEN_MISSING, CONFIG_INVALID
 */
export const createClient = (config: Config, logger: Logger): OpenedClient => {
  if (config.accessToken === undefined) throw new AppError('CONFIG_TOKEN_MISSING');
  const restoreNetwork = configureNetwork({
    httpProxy: config.httpProxy?.reveal(),
    httpsProxy: config.httpsProxy?.reveal(),
    noProxy: config.noProxy,
    extraCaFile: config.extraCaFile,
  });
  try {
    const client = createIntercomClient({
      baseUrl: config.apiBaseUrl ?? hostOf(config.region),
      token: config.accessToken.reveal(),
      version: config.apiVersion,
      rateShare: config.rateShare,
      maxInFlight: config.concurrency + LISTING_IN_FLIGHT,
      logger,
      userAgent: `fast-intercom-mcp/${packageVersion()}`,
    });
    return {
      client,
      async close() {
        await client.close();
        restoreNetwork();
      },
    };
  } catch (error) {
    restoreNetwork();
    throw error;
  }
};

import type { Config } from '../config/config.ts';
import { packageVersion } from '../config/package-version.ts';
import type { WorkspaceSettings } from '../config/workspace-settings.ts';
import { createIntercomClient, type IntercomClient } from '../intercom/client.ts';
import { configureNetwork } from '../intercom/network.ts';
import { hostOf, type Region } from '../intercom/region.ts';
import { createRegionalClient } from '../intercom/regional-client.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Requests beside those for threads: lists of conversations and contacts, the small tables. */
const LISTING_IN_FLIGHT = 16;

/**
 * Sets proxy and certificates for the whole process. @returns a function that takes them back
 * @throws AppError CONFIG_INVALID
 */
export const openNetwork = (config: Config): (() => void) =>
  configureNetwork({
    httpProxy: config.httpProxy?.reveal(),
    httpsProxy: config.httpsProxy?.reveal(),
    noProxy: config.noProxy,
    extraCaFile: config.extraCaFile,
  });

export interface ClientOptions {
  readonly config: Config;
  readonly workspace: WorkspaceSettings;
  readonly logger: Logger;
  /** Where the workspace was found before. */
  readonly knownRegion?: Region | undefined;
  /** In place of Intercom's hosts, for tests. */
  readonly hosts?: Readonly<Record<Region, string>> | undefined;
}

/**
 * The API client of one workspace; sends nothing yet. Each has a rate limiter of its own, for the limit is the token's. The
 * host is the configured address, else that of the configured region, else found by GET /me.
 * @throws AppError CONFIG_INVALID
 */
export const createClient = ({
  config,
  workspace,
  logger,
  knownRegion,
  hosts,
}: ClientOptions): IntercomClient => {
  const { accessToken, apiBaseUrl, region } = workspace;
  const clientFor = (baseUrl: string): IntercomClient =>
    createIntercomClient({
      baseUrl,
      token: accessToken.reveal(),
      version: config.apiVersion,
      rateShare: config.rateShare,
      maxInFlight: config.concurrency + LISTING_IN_FLIGHT,
      logger,
      userAgent: `fast-intercom-mcp/${packageVersion()}`,
    });
  if (apiBaseUrl !== undefined) return clientFor(apiBaseUrl);
  if (region !== undefined) return clientFor(hosts?.[region] ?? hostOf(region));
  return createRegionalClient({
    clientFor,
    start: knownRegion ?? 'us',
    logger,
    ...(hosts ? { hosts } : {}),
  });
};

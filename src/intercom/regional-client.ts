import { type AppError, isAppError } from '../errors/app-error.ts';
import { asId, asObject } from '../lib/read-json.ts';
import { type Logger, silentLogger } from '../telemetry/logger.ts';
import type { ClientStats, IntercomClient, IntercomResponse, RequestOptions } from './client.ts';
import { HOSTS, type Region, regionFrom } from './region.ts';

export interface RegionalClientOptions {
  /** A client of one host, with the token. */
  readonly clientFor: (baseUrl: string) => IntercomClient;
  /** The region to begin with: where the workspace was found before, else us. */
  readonly start: Region;
  /** For tests; the token goes to these hosts only. */
  readonly hosts?: Readonly<Record<Region, string>>;
  readonly logger?: Logger;
}

/** A host that is only asked whether it knows the token need not keep anybody waiting. */
const PROBE_DEADLINE_MS = 20_000;

const appOf = (answer: IntercomResponse<unknown>): Record<string, unknown> =>
  asObject(asObject(answer.data).app);

/**
 * A client that finds the workspace's host by its first good answer to GET /me (API-FACTS 1.1, TRAPS T53). A refused token
 * may only be at the wrong host: the other two are asked once. An accepted one may have been routed: the host of `app.region`
 * takes over if it gives the same workspace. From then on it stays; the caller stores the region and begins there next time.
 */
export const createRegionalClient = (options: RegionalClientOptions): IntercomClient => {
  const { clientFor, hosts = HOSTS, logger = silentLogger } = options;
  const clients = new Map<Region, IntercomClient>();
  let current = options.start;
  let settled = false;
  let closed = false;

  const at = (region: Region): IntercomClient => {
    const known = clients.get(region);
    if (known) return known;
    const client = clientFor(hosts[region]);
    clients.set(region, client);
    // A probe that begins while the client is being closed fails at once.
    if (closed) void client.close();
    return client;
  };
  const others = (): Region[] => (Object.keys(hosts) as Region[]).filter((region) => region !== current);
  const probe = <T>(region: Region, request: RequestOptions<T>): Promise<IntercomResponse<T>> =>
    at(region).request('GET', '/me', { ...request, deadlineMs: PROBE_DEADLINE_MS, maxTimeouts: 1 });

  /** The first of the other hosts, in their order, that accepts the token. @throws `refusal` when none does */
  const elsewhere = async <T>(
    request: RequestOptions<T>,
    refusal: AppError,
  ): Promise<IntercomResponse<T>> => {
    const regions = others();
    const outcomes = await Promise.allSettled(regions.map((region) => probe(region, request)));
    request.signal?.throwIfAborted();
    for (const [index, region] of regions.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status === 'fulfilled') {
        logger.info({ region }, 'the workspace is in another region');
        current = region;
        return outcome.value;
      }
      if (outcome !== undefined && !isAppError(outcome.reason, 'INTERCOM_UNAUTHORIZED'))
        logger.warn({ region, err: outcome.reason }, 'the host of a region could not be asked for the token');
    }
    throw refusal;
  };

  /** The answer of the host where the workspace is at home, if that is another one and knows it as well. */
  const atHome = async <T>(
    request: RequestOptions<T>,
    answer: IntercomResponse<T>,
  ): Promise<IntercomResponse<T>> => {
    const app = appOf(answer);
    const home = regionFrom(app.region);
    if (home === undefined || home === current) return answer;
    try {
      const there = await probe(home, request);
      if (asId(appOf(there).id_code) !== asId(app.id_code)) return answer;
      current = home;
      return there;
    } catch (error) {
      request.signal?.throwIfAborted();
      logger.info({ region: home, err: error }, "the host of the workspace's region did not take the token");
      return answer;
    }
  };

  const identify = async <T>(request: RequestOptions<T>): Promise<IntercomResponse<T>> => {
    const answer = await at(current)
      .request('GET', '/me', request)
      .catch((error: unknown) => {
        // A redirect to another region's host is not followed with the token; the host is asked by its name.
        const refused =
          isAppError(error, 'INTERCOM_UNAUTHORIZED') || isAppError(error, 'INTERCOM_FOREIGN_HOST');
        if (!refused) throw error;
        return elsewhere(request, error);
      });
    const best = await atHome(request, answer);
    settled = true;
    return best;
  };

  return {
    get version() {
      return at(current).version;
    },
    request: (method, path, request) =>
      settled || method !== 'GET' || path !== '/me'
        ? at(current).request(method, path, request)
        : identify(request),
    stats: () =>
      [...clients.values()].reduce<ClientStats>(
        (sum, client) => {
          const { requests, retries, rateLimited, failed, bytes } = client.stats();
          return {
            requests: sum.requests + requests,
            retries: sum.retries + retries,
            rateLimited: sum.rateLimited + rateLimited,
            failed: sum.failed + failed,
            bytes: sum.bytes + bytes,
          };
        },
        { requests: 0, retries: 0, rateLimited: 0, failed: 0, bytes: 0 },
      ),
    serverNow: () => at(current).serverNow(),
    rate: () => at(current).rate(),
    async close() {
      closed = true;
      await Promise.all([...clients.values()].map((client) => client.close()));
    },
  };
};

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, errorEnvelope } from './errors.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { control } from './control.ts';
import { createLiveWorld, type Mutations } from './live-world.ts';
import { createRateWindows } from './rate-windows.ts';
import { sendAnswer, sendFaulty } from './respond.ts';
import { route } from './routes.ts';
import type { JsonObject, World } from './world.ts';

const KNOWN_VERSIONS = new Set(['2.11', '2.12', '2.13', '2.14', '2.15', '2.16', 'Preview', 'Unstable']);
const REFUSED_TOKEN = /bad|invalid|wrong|expired|revoked/i;
const KEPT_LOG_ENTRIES = 20_000;
const MAX_BODY_BYTES = 1_000_000;

export interface AccessEntry {
  /** Unix ms. */
  readonly time: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Authorization is blotted out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
  readonly inFlight: number;
}

export interface SandboxOptions {
  readonly world: World;
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** Added to every answer. */
  readonly latencyMs?: number;
  /** Calls a minute, in windows of ten seconds; unset: no limit, but headers. */
  readonly rateLimitPerMinute?: number;
  readonly accessLog?: (entry: AccessEntry) => void;
  readonly faults?: FaultPlan;
  /** `>` and `<` include their bound (API-FACTS 4.2 leaves it open). */
  readonly inclusiveBounds?: boolean;
  readonly clock?: { now(): number };
}

export interface RequestCounts {
  readonly total: number;
  readonly rateLimited: number;
  readonly byEndpoint: Readonly<Record<string, number>>;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  requests(): RequestCounts;
  log(): readonly AccessEntry[];
  readonly mutate: Mutations;
  setFaults(plan: FaultPlan | undefined): void;
  close(): Promise<void>;
}

const endpointOf = (method: string, path: string): string =>
  `${method} ${path.replace(/\/(?:\d{3,}|[0-9a-f]{24})$/, '/{id}')}`;

const readBody = async (request: IncomingMessage): Promise<JsonObject> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ApiError(422, 'parameter_invalid', 'The body is too large');
    chunks.push(chunk);
  }
  if (size === 0) return {};
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
  } catch {
    throw new ApiError(400, 'parameter_invalid', 'The body is not JSON');
  }
};

/** What a request needs before it is looked at (API-FACTS 1.2, 1.3, 1.5). */
const tokenOf = (request: IncomingMessage): string => {
  const token = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token === undefined || REFUSED_TOKEN.test(token))
    throw new ApiError(401, 'unauthorized', 'Access Token Invalid');
  return token;
};

const checkHeaders = (request: IncomingMessage): void => {
  const version = String(request.headers['intercom-version'] ?? '');
  if (!KNOWN_VERSIONS.has(version))
    throw new ApiError(400, 'intercom_version_invalid', 'The requested version could not be found');
  const accept = request.headers.accept ?? '';
  if (!/application\/json|\*\/\*|application\/\*/.test(accept))
    throw new ApiError(
      406,
      'not_acceptable',
      'The Accept header should send a media type of application/json',
    );
};

/** Starts a simulated Intercom on loopback. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const clock = options.clock ?? { now: () => Date.now() };
  const seconds = (): number => Math.floor(clock.now() / 1000);
  const live = createLiveWorld(options.world, seconds);
  const rate = createRateWindows(options.rateLimitPerMinute);
  const timers = new Set<NodeJS.Timeout>();
  const log: AccessEntry[] = [];
  const byEndpoint: Record<string, number> = {};
  let faults = options.faults;
  let total = 0;
  let rateLimited = 0;
  let inFlight = 0;

  const wait = (ms: number): Promise<void> =>
    ms <= 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          const timer = setTimeout(() => {
            timers.delete(timer);
            resolve();
          }, ms);
          timers.add(timer);
        });

  const answerOf = (
    request: IncomingMessage,
    url: URL,
    body: JsonObject,
  ): { status: number; json: JsonObject; headers: Record<string, string> } => {
    const headers: Record<string, string> = {};
    try {
      const token = tokenOf(request);
      const taken = rate.take(clock.now());
      Object.assign(headers, taken.headers);
      if (!taken.allowed)
        throw new ApiError(429, 'rate_limit_exceeded', `Exceeded rate limit of ${taken.limit} in 10_seconds`);
      checkHeaders(request);
      const json = route(
        live,
        {
          method: request.method ?? 'GET',
          path: url.pathname,
          query: url.searchParams,
          body,
          token,
          now: seconds(),
        },
        { inclusiveBounds: options.inclusiveBounds ?? false },
      );
      return { status: 200, json, headers };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return {
        status: error.status,
        json: errorEnvelope(error.code, error.message),
        headers: { ...headers, ...error.headers },
      };
    }
  };

  const send = (
    response: ServerResponse,
    request: IncomingMessage,
    made: ReturnType<typeof answerOf>,
    fault: Fault | undefined,
    body: JsonObject,
  ): number => {
    const headers = {
      Date: new Date(clock.now()).toUTCString(),
      'Content-Type': 'application/json; charset=utf-8',
      'X-Request-Id': `sandbox-${total}`,
      'Intercom-Version': '2.16',
      ...made.headers,
    };
    const answer = { status: made.status, headers, body: Buffer.from(JSON.stringify(made.json)) };
    const cursor = (body.pagination as { starting_after?: string } | undefined)?.starting_after;
    if (fault !== undefined && fault.kind !== 'slow') return sendFaulty(response, answer, fault, cursor);
    return sendAnswer(response, answer, /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const started = clock.now();
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const method = request.method ?? 'GET';
    const body = await readBody(request).catch((error: unknown) => error as ApiError);
    if (url.pathname.startsWith('/__sandbox/')) {
      control(response, url.pathname, body instanceof Error ? {} : body, {
        live,
        log,
        counts,
        setFaults: (plan) => (faults = plan),
      });
      return;
    }
    total += 1;
    inFlight += 1;
    const endpoint = endpointOf(method, url.pathname);
    byEndpoint[endpoint] = (byEndpoint[endpoint] ?? 0) + 1;
    const parsed = body instanceof Error ? {} : body;
    const fault = faults?.({
      method,
      path: url.pathname,
      count: total,
      countForPath: byEndpoint[endpoint] ?? 1,
      body: parsed,
    });
    const made =
      body instanceof ApiError
        ? { status: body.status, json: errorEnvelope(body.code, body.message), headers: {} }
        : answerOf(request, url, parsed);
    if (made.status === 429) rateLimited += 1;
    await wait((options.latencyMs ?? 0) + (fault?.kind === 'slow' ? fault.delayMs : 0));
    inFlight -= 1;
    if (response.destroyed) return;
    const bytes = send(response, request, made, fault, parsed);
    const { authorization: _secret, ...headers } = request.headers;
    const entry: AccessEntry = {
      time: started,
      method,
      path: url.pathname,
      query: url.search,
      headers: headers as Record<string, string>,
      body: parsed,
      status: made.status,
      bytes,
      durationMs: clock.now() - started,
      inFlight,
    };
    log.push(entry);
    if (log.length > KEPT_LOG_ENTRIES) log.splice(0, KEPT_LOG_ENTRIES / 2);
    options.accessLog?.(entry);
  };

  const counts = (): RequestCounts => ({ total, rateLimited, byEndpoint: { ...byEndpoint } });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(errorEnvelope('server_error', 'The sandbox failed')));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests: counts,
    log: () => log,
    mutate: live.mutate,
    setFaults: (plan) => {
      faults = plan;
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

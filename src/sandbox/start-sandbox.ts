import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AccessEntry, type RequestCounts, shownHeaders } from './access-log.ts';
import { CONTROL_PREFIX, control, runScheduled } from './control.ts';
import { type CoreOptions, createCore, type Exchange } from './core.ts';
import { ApiError, errorEnvelope } from './errors.ts';
import type { Fault, FaultPlan } from './faults.ts';
import type { Mutations } from './live/mutations.ts';
import type { ObjectPage } from './objects.ts';
import { MAX_CONTROL_BYTES, readBody } from './read-body.ts';
import { type Answer, sendAnswer } from './respond.ts';
import { sendFaulty } from './respond-faulty.ts';
import { type Settings, withSettings } from './settings.ts';
import { createWaits } from './waits.ts';
import type { WebhookCounts } from './webhooks.ts';
import type { JsonObject } from './world.ts';

export interface SandboxOptions extends CoreOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  requests(): RequestCounts;
  log(): readonly AccessEntry[];
  readonly mutate: Mutations;
  setFaults(plan: FaultPlan | undefined): void;
  /** Changes some settings. @returns all of them */
  set(changes: Partial<Settings>): Settings;
  /** A page of what it holds now, whole, for comparison with a mirror. */
  objects(kind: string, from?: number, limit?: number): ObjectPage;
  webhooks(): WebhookCounts;
  close(): Promise<void>;
}

const perPageAsked = ({ body, url }: Exchange): number => {
  const pagination = body.pagination as { per_page?: unknown } | undefined;
  return Number(pagination?.per_page ?? url.searchParams.get('per_page') ?? 0) || 0;
};

/** Starts a simulated Intercom on loopback. */
export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const waits = createWaits();
  const { steering, answer, now, webhooks } = createCore(options, waits);
  const { log } = steering;

  const send = (response: ServerResponse, exchange: Exchange, made: Answer, fault: Fault | undefined) => {
    const cursor = (exchange.body.pagination as { starting_after?: string } | undefined)?.starting_after;
    if (fault !== undefined && fault.kind !== 'slow')
      return sendFaulty({ response, answer: made, cursor, now: now() }, fault);
    return sendAnswer(response, made, /\bgzip\b/.test(String(exchange.request.headers['accept-encoding'])));
  };

  const steer = (response: ServerResponse, url: URL, body: JsonObject): void => {
    let status = 200;
    let json: unknown;
    try {
      json = control(steering, url, body);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      ({ status } = error);
      json = { error: error.message };
    }
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(json));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const method = request.method ?? 'GET';
    const path = url.pathname;
    const steers = path.startsWith(CONTROL_PREFIX);
    const read = await readBody(request, steers ? MAX_CONTROL_BYTES : undefined).catch(
      (error: unknown) => error,
    );
    if (read instanceof Error && !(read instanceof ApiError)) throw read;
    const body = read instanceof ApiError ? {} : (read as JsonObject);
    if (steers) return steer(response, url, body);
    const started = now();
    const counted = log.begin(method, path);
    const { count, countForPath, inFlight } = counted;
    const exchange: Exchange = { request, url, method, body, count };
    let sent: { status: number; bytes: number; fault: string | null } = {
      status: 500,
      bytes: 0,
      fault: null,
    };
    try {
      runScheduled(steering, count, path);
      const fault = steering.faults?.({ method, path, count, countForPath, body });
      const made = answer(exchange, read instanceof ApiError ? read : undefined);
      const { latencyMs, latencyMsPerItem } = steering.settings;
      const slow = fault?.kind === 'slow' ? fault.delayMs : 0;
      await waits.wait(latencyMs + latencyMsPerItem * perPageAsked(exchange) + slow);
      const bytes = response.destroyed ? 0 : send(response, exchange, made, fault);
      const status = fault?.kind === 'status' ? fault.status : made.status;
      sent = { status, bytes, fault: fault?.kind ?? null };
    } finally {
      const headers = shownHeaders(request.headers);
      const durationMs = now() - started;
      const query = url.search;
      log.end({ count, time: started, method, path, query, headers, body, ...sent, durationMs, inFlight });
    }
  };

  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(errorEnvelope(null, 'server_error', 'The sandbox failed')));
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
    requests: log.counts,
    log: log.entries,
    mutate: steering.mutate,
    setFaults: (plan) => {
      steering.faults = plan;
    },
    set: (changes) => {
      steering.settings = withSettings(steering.settings, { ...changes });
      return steering.settings;
    },
    objects: steering.objects,
    webhooks: steering.webhooks,
    async close() {
      waits.end();
      webhooks.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

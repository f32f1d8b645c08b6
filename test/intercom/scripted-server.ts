import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  createIntercomClient,
  type IntercomClient,
  type IntercomClientOptions,
} from '../../src/intercom/client.ts';
import type { ClientTuning } from '../../src/intercom/client-options.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers one request; `index` counts from 0 over all requests of the server. */
export type Handler = (request: Seen, response: ServerResponse, index: number) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

/** A real HTTP server on a free loopback port that does what `handler` says. */
export const startScripted = async (handler: Handler): Promise<ScriptedServer> => {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString() };
      handler(entry, response, seen.push(entry) - 1);
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

export const sendJson = (
  response: ServerResponse,
  json: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(json));
};

/** Intercom's error envelope (API-FACTS 1.7). */
export const sendError = (
  response: ServerResponse,
  status: number,
  code: string,
  message = 'upstream words',
  headers: Record<string, string> = {},
): void =>
  sendJson(
    response,
    { type: 'error.list', request_id: 'req-1', errors: [{ code, message }] },
    status,
    headers,
  );

/** Rate headers of a 10-second bucket; `reset` in Unix seconds. */
export const rateHeaders = (limit: number, remaining: number, reset: number): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(reset),
});

export interface Page {
  readonly type: 'list';
}

export const isPage = (json: unknown): json is Page =>
  typeof json === 'object' && json !== null && 'type' in json && json.type === 'list';

export const TOKEN = 'dG9rOnNlY3JldC10b2tlbg==';

/** A client with short times. */
export const testClient = (
  url: string,
  options: Partial<IntercomClientOptions> = {},
  tuning: Partial<ClientTuning> = {},
): IntercomClient =>
  createIntercomClient(
    { baseUrl: url, token: TOKEN, version: '2.16', backoffBaseMs: 5, ...options },
    { minPauseMs: 50, defaultPauseMs: 100, pauseJitterMs: 0, ...tuning },
  );

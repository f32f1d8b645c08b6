import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Json } from './oracle.ts';

/** A request as a rule may change it before it is passed on. */
export interface PassedRequest {
  readonly method: string;
  /** With its query. */
  path: string;
  body: Json | undefined;
}

export interface Rules {
  /** May change the request; an answer given back is sent without asking the sandbox. */
  readonly request?: (request: PassedRequest) => Json | undefined;
  /** What is sent in place of a good answer. */
  readonly answer?: (answer: Json, request: PassedRequest) => unknown;
}

export interface Rewriter extends AsyncDisposable {
  readonly url: string;
}

const HEADERS = ['authorization', 'accept', 'intercom-version', 'content-type', 'user-agent'];

/**
 * Stands before the sandbox and changes what is said, for shapes that the sandbox itself never sends. Rules that change
 * nothing leave the sandbox's answers as they are, byte for byte.
 */
export const startRewriter = async (sandboxUrl: string, rules: Rules): Promise<Rewriter> => {
  const pass = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const sent = await text(incoming);
    const request: PassedRequest = {
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      body: sent === '' ? undefined : (JSON.parse(sent) as Json),
    };
    const made = rules.request?.(request);
    const headers = Object.fromEntries(HEADERS.map((name) => [name, String(incoming.headers[name] ?? '')]));
    const answer =
      made === undefined
        ? await fetch(sandboxUrl + request.path, {
            method: request.method,
            headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')),
            ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
          })
        : Response.json(made, { headers: { Date: new Date().toUTCString() } });
    const body = await answer.text();
    const changed =
      answer.ok && rules.answer ? JSON.stringify(rules.answer(JSON.parse(body) as Json, request)) : body;
    const kept = [...answer.headers].filter(([name]) => /^(content-type|date|x-)/.test(name));
    response.writeHead(answer.status, Object.fromEntries(kept));
    response.end(changed);
  };
  const server = createServer((incoming, response) => {
    pass(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

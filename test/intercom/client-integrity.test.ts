import { gzipSync } from 'node:zlib';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Handler,
  isPage,
  type ScriptedServer,
  sendError,
  sendJson,
  startScripted,
  testClient,
  TOKEN,
} from './scripted-server.ts';

let server: ScriptedServer;
const start = async (handler: Handler): Promise<ScriptedServer> => {
  server = await startScripted(handler);
  return server;
};
afterEach(() => server.close());

const GOOD = JSON.stringify({ type: 'list', data: [{ id: '1', body: '<p>Grüße 👋</p>' }], pages: null });

test('sends version, accept, user agent, token, query and body with every request', async () => {
  const { url, seen } = await start((_request, response) => sendJson(response, { type: 'list' }));
  const client = testClient(url, { userAgent: 'test/1' });
  await client.request('POST', '/conversations/search', {
    query: { a: 1, b: undefined },
    body: { query: 'ä' },
    expect: isPage,
  });
  await client.request('GET', '/me', { expect: isPage });
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/conversations/search?a=1', body: '{"query":"ä"}' });
  expect(seen[0]?.headers['content-type']).toBe('application/json');
  for (const { headers } of seen) {
    expect(headers).toMatchObject({
      'intercom-version': '2.16',
      accept: 'application/json',
      'user-agent': 'test/1',
      authorization: `Bearer ${TOKEN}`,
    });
  }
  expect(client.stats()).toMatchObject({ requests: 2, retries: 0, rateLimited: 0, failed: 0 });
});

test('gives the body character for character, the server clock, status and link', async () => {
  const text = '{ "type":"list", "big": 12345678901234567890, "escape": "\\ud800 \\u00e9", "e": "é👋" }\n';
  const { url } = await start((_request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json',
      date: 'Mon, 05 May 2031 10:00:04 GMT',
      link: '</x>; rel="canonical"',
    });
    // In two parts that cut a character.
    const bytes = Buffer.from(text);
    const cut = bytes.indexOf('👋') + 2;
    response.write(bytes.subarray(0, cut));
    setTimeout(() => response.end(bytes.subarray(cut)), 5);
  });
  const client = testClient(url);
  const answer = await client.request('GET', '/x', { expect: isPage });
  expect(answer).toMatchObject({
    text,
    status: 200,
    serverTime: Date.parse('2031-05-05T10:00:04Z') / 1_000,
    link: '</x>; rel="canonical"',
  });
  expect(client.stats().bytes).toBe(Buffer.byteLength(text));
  expect(Math.abs(client.serverNow() - Date.parse('2031-05-05T10:00:04Z'))).toBeLessThan(60_000);
});

test('without a Date header the server time is the local one', async () => {
  const { url } = await start((_request, response) => {
    response.sendDate = false;
    sendJson(response, { type: 'list' });
  });
  const { serverTime } = await testClient(url).request('GET', '/x', { expect: isPage });
  expect(Math.abs(serverTime - Date.now() / 1_000)).toBeLessThan(60);
});

const json = { 'content-type': 'application/json' };
const raw =
  (body: string | Buffer, headers: Record<string, string> = json, status = 200) =>
  (response: ServerResponse): void => {
    response.writeHead(status, headers);
    response.end(body);
  };
const reset =
  (bytes: number) =>
  (response: ServerResponse): void => {
    if (bytes < 0) {
      response.socket?.destroy();
      return;
    }
    response.writeHead(200, { ...json, 'content-length': String(Buffer.byteLength(GOOD)) });
    response.write(GOOD.slice(0, bytes), () => response.socket?.destroy());
  };
const badGzip = (): Buffer => {
  const bytes = gzipSync(GOOD);
  bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 0xff;
  return bytes;
};

const faults: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ['cut at 1 %', raw(GOOD.slice(0, 1))],
  ['cut at 50 %', raw(GOOD.slice(0, GOOD.length / 2))],
  ['cut before the last character', raw(GOOD.slice(0, -1))],
  ['empty', raw('')],
  ['blank', raw(' \n')],
  ['204', raw('', {}, 204)],
  ['HTML with status 200', raw('<html>We are down for maintenance</html>', { 'content-type': 'text/html' })],
  ['HTML that says it is JSON', raw('<html></html>')],
  ['text', raw('OK', { 'content-type': 'text/plain' })],
  ['JSON of another shape', raw('{"ok":true}')],
  ['null', raw('null')],
  ['an empty list', raw('[]')],
  ['a corrupt gzip trailer', raw(badGzip(), { ...json, 'content-encoding': 'gzip' })],
  ['gzip that is none', raw(GOOD, { ...json, 'content-encoding': 'gzip' })],
  ['a truncated gzip', raw(gzipSync(GOOD).subarray(0, 40), { ...json, 'content-encoding': 'gzip' })],
  ['a length that is too short', raw(GOOD, { ...json, 'content-length': '20' })],
  ['a reset in the body', reset(30)],
  ['a reset before the last byte', reset(GOOD.length - 8)],
  [
    'a 403 page of the load balancer',
    raw('<html>403 Forbidden</html>', { 'content-type': 'text/html', server: 'awselb/2.0' }, 403),
  ],
  ['a 404 page of something in between', raw('<html>not here</html>', { 'content-type': 'text/html' }, 404)],
  ['a 502 page', raw('<html>bad gateway</html>', { 'content-type': 'text/html' }, 502)],
];

describe('an answer that is damaged is asked for again, and never taken for an answer', () => {
  test.each(faults)('%s', async (_name, fault) => {
    const { url, seen } = await start((_request, response, index) => {
      if (index < 2) {
        // Node refuses to send more than it announced; here that is the point.
        response.strictContentLength = false;
        fault(response);
      } else raw(GOOD)(response);
    });
    const client = testClient(url);
    const { text } = await client.request('GET', '/conversations', { expect: isPage });
    expect(text).toBe(GOOD);
    expect(seen.length).toBe(3);
    expect(client.stats()).toMatchObject({ requests: 3, retries: 2, failed: 0 });
  });

  test.each(faults)('%s, for ever', async (name, fault) => {
    const { url, seen } = await start((_request, response) => {
      response.strictContentLength = false;
      fault(response);
    });
    const client = testClient(url, { maxAttempts: 3 });
    const code = /40[3]|502/.test(name) ? 'INTERCOM_SERVER_ERROR' : 'INTERCOM_BAD_BODY';
    await expect(client.request('GET', '/x', { expect: isPage })).rejects.toMatchObject({
      name: 'AppError',
      code,
      retryable: true,
    });
    expect(seen.length).toBe(3);
    expect(client.stats()).toMatchObject({ requests: 3, retries: 2, failed: 1 });
  });
});

test('a connection that breaks before any header is tried again', async () => {
  const { url } = await start((_request, response, index) =>
    index < 2 ? reset(-1)(response) : raw(GOOD)(response),
  );
  await expect(testClient(url).request('GET', '/x', { expect: isPage })).resolves.toMatchObject({
    status: 200,
  });
});

test('resets after every number of bytes lose and change nothing', async () => {
  const { url } = await start((_request, response, index) =>
    index % 2 === 0 ? reset(Math.floor(index / 2))(response) : raw(GOOD)(response),
  );
  const client = testClient(url);
  for (let bytes = 0; bytes < GOOD.length; bytes += 7) {
    expect((await client.request('GET', '/x', { expect: isPage })).text).toBe(GOOD);
  }
});

test('a byte order mark, gzip, and JSON under another content type are fine', async () => {
  const { url } = await start((_request, response, index) => {
    if (index === 0) raw(`\uFEFF${GOOD}`)(response);
    else if (index === 1) raw(gzipSync(GOOD), { ...json, 'content-encoding': 'gzip' })(response);
    else raw(GOOD, { 'content-type': 'text/plain' })(response);
  });
  const client = testClient(url);
  for (let i = 0; i < 3; i += 1)
    expect((await client.request('GET', '/x', { expect: isPage })).text).toBe(GOOD);
  expect(client.stats().requests).toBe(3);
});

test('a body that stalls or drips ends with a timeout and is tried again', async () => {
  const drips: NodeJS.Timeout[] = [];
  const { url } = await start((_request, response, index) => {
    if (index >= 3) return raw(GOOD)(response);
    // 0: no headers at all; 1: headers and half a body; 2: a byte now and then.
    if (index > 0) response.writeHead(200, json);
    if (index > 0) response.write(GOOD.slice(0, 10));
    if (index === 2) drips.push(setInterval(() => response.write(' '), 20));
  });
  const client = testClient(url, { deadlineMs: 300, idleTimeoutMs: 150 });
  await expect(client.request('GET', '/x', { expect: isPage })).resolves.toMatchObject({ text: GOOD });
  for (const drip of drips) clearInterval(drip);
  expect(client.stats()).toMatchObject({ requests: 4, retries: 3 });
});

test('a timeout for ever is INTERCOM_TIMEOUT; the deadline of a request overrides that of the client', async () => {
  const { url } = await start(() => {});
  const client = testClient(url, { maxAttempts: 2 });
  await expect(client.request('GET', '/x', { expect: isPage, deadlineMs: 50 })).rejects.toMatchObject({
    code: 'INTERCOM_TIMEOUT',
    details: { reason: 'DEADLINE' },
  });
});

test.each([
  [401, 'unauthorized', 'INTERCOM_UNAUTHORIZED'],
  [402, 'payment_required', 'INTERCOM_PLAN'],
  [403, 'forbidden', 'INTERCOM_FORBIDDEN'],
  [403, 'api_plan_restricted', 'INTERCOM_PLAN'],
  [404, 'conversation_not_found', 'INTERCOM_NOT_FOUND'],
  [410, 'contact_merged', 'INTERCOM_GONE'],
  [400, 'intercom_version_invalid', 'INTERCOM_BAD_REQUEST'],
  [422, 'parameter_invalid', 'INTERCOM_BAD_REQUEST'],
])('%i %s fails at once, without upstream words', async (status, code, expected) => {
  const { url, seen } = await start((_request, response) =>
    sendError(response, status, code, TOKEN, { link: '</contacts/9>; rel="canonical"' }),
  );
  const error: unknown = await testClient(url)
    .request('GET', '/x', { expect: isPage })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: expected,
    details: { status, upstreamCode: code, requestId: 'req-1' },
  });
  if (status === 410) expect(error).toMatchObject({ details: { canonical: '/contacts/9' } });
  expect(JSON.stringify(error) + String(error)).not.toContain(TOKEN);
  expect(seen.length).toBe(1);
});

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createIntercomClient } from '../../src/intercom/client.ts';
import {
  type Handler,
  isPage,
  rateHeaders,
  type ScriptedServer,
  sendError,
  sendJson,
  startScripted,
  testClient,
  TOKEN,
} from './scripted-server.ts';

const servers: ScriptedServer[] = [];
const start = async (handler: Handler): Promise<ScriptedServer> => {
  const server = await startScripted(handler);
  servers.push(server);
  return server;
};
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const good: Handler = (_request, response) => sendJson(response, { type: 'list' });

test.each([500, 502, 503, 504, 408])('%i is tried again, and fails after maxAttempts', async (status) => {
  const { url, seen } = await start((_request, response) => sendError(response, status, 'server_error'));
  await expect(
    testClient(url, { maxAttempts: 4 }).request('GET', '/x', { expect: isPage }),
  ).rejects.toMatchObject({
    code: 'INTERCOM_SERVER_ERROR',
    details: { status },
  });
  expect(seen.length).toBe(4);
});

test('with a fifth of all answers being 503, every call succeeds', async () => {
  const { url } = await start((request, response, index) =>
    index % 5 === 3 ? sendError(response, 503, 'service_unavailable') : good(request, response, index),
  );
  const client = testClient(url, { maxInFlight: 8 });
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => client.request('GET', `/x/${i}`, { expect: isPage })),
  );
  expect(answers).toHaveLength(60);
  const { requests, retries, failed } = client.stats();
  expect([requests - retries, failed]).toEqual([60, 0]);
});

test('Retry-After of a 503 is a lower bound for the wait', async () => {
  const times: number[] = [];
  const { url } = await start((_request, response, index) => {
    times.push(performance.now());
    if (index === 0) sendError(response, 503, 'service_unavailable', '', { 'retry-after': '1' });
    else sendJson(response, { type: 'list' });
  });
  await testClient(url).request('GET', '/x', { expect: isPage });
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990);
});

test('429: all pause, one probe at a time, nothing is lost and no retry is spent', async () => {
  let refusals = 0;
  const { url, seen } = await start((_request, response, index) => {
    if (index >= 1 && refusals < 10) {
      refusals += 1;
      sendError(response, 429, 'rate_limit_exceeded', 'Exceeded rate limit of 167 in 10_seconds');
    } else sendJson(response, { type: 'list' });
  });
  const client = testClient(url, { maxAttempts: 1 }, { defaultPauseMs: 50 });
  await client.request('GET', '/first', { expect: isPage });
  const waiting = Array.from({ length: 4 }, (_, i) => client.request('GET', `/${i}`, { expect: isPage }));
  await expect(Promise.all(waiting)).resolves.toHaveLength(4);
  // Four leave at once and are refused; the other six refusals meet one probe each.
  expect(client.stats()).toEqual({ requests: 15, retries: 0, rateLimited: 10, failed: 0, bytes: 5 * 15 });
  expect(new Set(seen.map(({ url: path }) => path)).size).toBe(5);
});

test('429 for ever ends with INTERCOM_RATE_LIMITED', async () => {
  const { url, seen } = await start((_request, response) => sendError(response, 429, 'rate_limit_exceeded'));
  const client = testClient(url, {}, { maxRateLimited: 3, defaultPauseMs: 10, minPauseMs: 10 });
  await expect(client.request('GET', '/x', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_RATE_LIMITED',
    details: { status: 429 },
  });
  expect(seen.length).toBe(3);
});

test.each([
  ['no header', () => ({}), 200],
  ['a reset in the past', () => rateHeaders(10, 0, Math.floor(Date.now() / 1_000) - 100), 120],
  ['Retry-After in seconds', () => ({ 'retry-after': '0.3' }), 300],
  ['Retry-After as a date in the past', () => ({ 'retry-after': new Date(0).toUTCString() }), 120],
])('the pause after a 429 with %s', async (_name, headers, leastMs) => {
  const times: number[] = [];
  const { url } = await start((_request, response, index) => {
    times.push(performance.now());
    if (index === 0) sendError(response, 429, 'rate_limit_exceeded', '', headers());
    else sendJson(response, { type: 'list' });
  });
  await testClient(url, {}, { minPauseMs: 120, defaultPauseMs: 200, windowMs: 100 }).request('GET', '/x', {
    expect: isPage,
  });
  expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(leastMs - 10);
});

test.each([300_000, -300_000])(
  'with a local clock that is %i ms off, the pause follows the server',
  async (skewMs) => {
    const { url, seen } = await start((_request, response, index) => {
      const now = Date.now() + skewMs;
      const headers = {
        date: new Date(now).toUTCString(),
        ...rateHeaders(10, 0, Math.floor(now / 1_000) + 1),
      };
      if (index === 0) sendError(response, 429, 'rate_limit_exceeded', '', headers);
      else sendJson(response, { type: 'list' }, 200, { date: headers.date });
    });
    const client = testClient(url, {}, { windowMs: 1_000 });
    const begun = performance.now();
    const { serverTime } = await client.request('GET', '/x', { expect: isPage });
    const tookMs = performance.now() - begun;
    // A wait by the local clock would be 50 ms (the least) or 60 s (the most, at which the test runs out of time).
    expect(tookMs).toBeGreaterThan(200);
    expect(Math.abs(serverTime * 1_000 - (Date.now() + skewMs))).toBeLessThan(2_000);
    expect(Math.abs(client.serverNow() - (Date.now() + skewMs))).toBeLessThan(2_000);
    expect(seen.length).toBe(2);
  },
);

test('a 429 for export jobs pauses nobody else', async () => {
  const { url } = await start((request, response) => {
    if (request.url === '/export')
      sendError(
        response,
        429,
        'rate_limit_exceeded',
        'Exceeded rate limit of 1 pending export jobs',
        rateHeaders(1, 0, 4e9),
      );
    else sendJson(response, { type: 'list' });
  });
  const client = testClient(url, { maxAttempts: 2 }, { defaultPauseMs: 60_000, minPauseMs: 60_000 });
  await client.request('GET', '/x', { expect: isPage });
  await expect(client.request('POST', '/export', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_RATE_LIMITED',
    details: { jobLimit: true },
  });
  await client.request('GET', '/y', { expect: isPage });
  expect(client.stats().rateLimited).toBe(0);
  expect(client.rate()).toEqual({});
});

test('a port where nobody listens is INTERCOM_UNREACHABLE after three attempts; later on all attempts are used', async () => {
  const server = await start(good);
  const client = testClient(server.url, { maxAttempts: 5 });
  const port = await freePort();
  const lost = testClient(`http://127.0.0.1:${port}`, { maxAttempts: 5 });
  await expect(lost.request('GET', '/me', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_UNREACHABLE',
    details: { reason: 'ECONNREFUSED' },
  });
  expect(lost.stats()).toMatchObject({ requests: 3, failed: 1 });
  await client.request('GET', '/me', { expect: isPage });
  await server.close();
  await expect(client.request('GET', '/me', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_UNREACHABLE',
  });
  expect(client.stats().requests).toBe(6);
});

test('options that cannot work are refused without repeating the token', () => {
  const options = { baseUrl: 'https://api.intercom.io', token: TOKEN, version: '2.16' };
  const token = 'two words';
  expect(() => createIntercomClient({ ...options, token: '' })).toThrow(
    expect.objectContaining({ code: 'CONFIG_TOKEN_MISSING' }),
  );
  expect(() => createIntercomClient({ ...options, token })).toThrow(/^(?!.*two words).*$/);
  expect(() => createIntercomClient({ ...options, token: 'a\nb' })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
  expect(() => createIntercomClient({ ...options, rateShare: 1.5 })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
  expect(() => createIntercomClient({ ...options, maxInFlight: 0 })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
  expect(() => createIntercomClient({ ...options, baseUrl: 'nowhere' })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  );
});

/** A port that was free a moment ago. */
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

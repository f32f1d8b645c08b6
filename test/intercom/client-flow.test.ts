import { afterEach, expect, test } from 'vitest';
import {
  type Handler,
  isPage,
  rateHeaders,
  type ScriptedServer,
  sendError,
  sendJson,
  startScripted,
  testClient,
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

/** Intercom's fixed windows, one second long, on the grid of the clock; `latencyMs` before each answer. */
const bucket = (limit: number, latencyMs: number) => {
  const accepted = new Map<number, number>();
  let refused = 0;
  const handler: Handler = (_request, response) => {
    const second = Math.floor(Date.now() / 1_000);
    const used = (accepted.get(second) ?? 0) + 1;
    if (used <= limit) accepted.set(second, used);
    else refused += 1;
    const headers = rateHeaders(limit, Math.max(0, limit - used), second + 1);
    setTimeout(() => {
      if (used <= limit) sendJson(response, { type: 'list' }, 200, headers);
      else sendError(response, 429, 'rate_limit_exceeded', '', headers);
    }, latencyMs);
  };
  return { accepted, handler, refused: () => refused };
};

test('over real HTTP: never refused, never above the share of a window, the first request alone', async () => {
  const { accepted, handler, refused } = bucket(40, 10);
  const { url } = await start(handler);
  const client = testClient(url, { maxInFlight: 16 }, { windowMs: 1_000, guardMs: 20 });
  const calls = Array.from({ length: 100 }, (_, i) => client.request('GET', `/${i}`, { expect: isPage }));
  await expect(Promise.all(calls)).resolves.toHaveLength(100);
  expect(refused()).toBe(0);
  // That the share is reached exactly is shown in virtual time, where no busy machine interferes (rate-limiter.test.ts).
  expect(Math.max(...accepted.values())).toBeLessThanOrEqual(36);
  expect(accepted.size).toBeGreaterThanOrEqual(3);
  expect(client.rate()).toMatchObject({ limitPerWindow: 40 });
  expect(client.stats()).toMatchObject({ requests: 100, rateLimited: 0 });
});

test('before the first answer one request is under way, then maxInFlight', async () => {
  let [now, most, mostBeforeAnswer, answered] = [0, 0, 0, 0];
  const { url } = await start((_request, response) => {
    now += 1;
    most = Math.max(most, now);
    if (answered === 0) mostBeforeAnswer = Math.max(mostBeforeAnswer, now);
    setTimeout(() => {
      now -= 1;
      answered += 1;
      sendJson(response, { type: 'list' });
    }, 40);
  });
  const client = testClient(url, { maxInFlight: 7 });
  await Promise.all(Array.from({ length: 30 }, () => client.request('GET', '/x', { expect: isPage })));
  expect([mostBeforeAnswer, most]).toEqual([1, 7]);
});

test('follows redirects within the origin, three at most', async () => {
  const { url, seen } = await start((request, response, index) => {
    const step = Number(request.url.slice(1));
    if (step === 0) return good(request, response, index);
    response.writeHead(302, { location: `/${step - 1}` }).end();
  });
  const client = testClient(url);
  await expect(client.request('GET', '/3', { expect: isPage })).resolves.toMatchObject({ status: 200 });
  expect(seen.map((entry) => entry.url)).toEqual(['/3', '/2', '/1', '/0']);
  await expect(client.request('GET', '/4', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_BAD_REQUEST',
  });
  await expect(client.request('POST', '/1', { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_BAD_REQUEST',
  });
});

test('the token never goes to another host: not by redirect, not by an absolute path', async () => {
  const foreign = await start(good);
  const { url, seen } = await start((_request, response) => {
    response.writeHead(307, { location: `${foreign.url}/steal` }).end();
  });
  const client = testClient(url);
  for (const method of ['GET', 'POST'] as const) {
    await expect(client.request(method, '/x', { expect: isPage })).rejects.toMatchObject({
      code: 'INTERCOM_FOREIGN_HOST',
    });
  }
  await expect(client.request('GET', `${foreign.url}/x?page=2`, { expect: isPage })).rejects.toMatchObject({
    code: 'INTERCOM_FOREIGN_HOST',
  });
  expect(seen.length).toBe(2);
  expect(foreign.seen).toEqual([]);
});

test('an absolute address of the own origin is accepted', async () => {
  const { url, seen } = await start(good);
  await testClient(url).request('GET', `${url}/articles?page=2`, { expect: isPage });
  expect(seen[0]?.url).toBe('/articles?page=2');
});

test('abort ends a request under way, a waiting one and one in backoff with the reason of the signal', async () => {
  const { url } = await start((request, response) => {
    if (request.url === '/busy') sendError(response, 503, 'service_unavailable', '', { 'retry-after': '60' });
  });
  for (const path of ['/hangs', '/busy']) {
    const client = testClient(url);
    const controller = new AbortController();
    const options = { expect: isPage, signal: controller.signal };
    const calls = [client.request('GET', path, options), client.request('GET', '/waits', options)];
    setTimeout(() => controller.abort(new Error('enough')), 60);
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { message: 'enough' } });
    }
    expect(client.stats().failed).toBe(0);
    await expect(client.request('GET', '/x', options)).rejects.toThrow('enough');
  }
});

test('an aborted request gives its place back', async () => {
  const { url } = await start((request, response, index) => {
    if (request.url !== '/hangs') good(request, response, index);
  });
  const client = testClient(url, { maxInFlight: 1 });
  const controller = new AbortController();
  const hanging = client.request('GET', '/hangs', { expect: isPage, signal: controller.signal });
  const next = client.request('GET', '/x', { expect: isPage });
  setTimeout(() => controller.abort(), 30);
  await expect(hanging).rejects.toMatchObject({ name: 'AbortError' });
  await expect(next).resolves.toMatchObject({ status: 200 });
});

test('close ends everything and refuses what comes later', async () => {
  const { url } = await start(() => {});
  const client = testClient(url);
  const calls = [
    client.request('GET', '/a', { expect: isPage }),
    client.request('GET', '/b', { expect: isPage }),
  ];
  const outcomes = Promise.allSettled(calls);
  await client.close();
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
  await expect(client.request('GET', '/c', { expect: isPage })).rejects.toMatchObject({ name: 'AbortError' });
});

test('a guard that throws fails its own call and blocks no other', async () => {
  const { url } = await start(good);
  const client = testClient(url, { maxInFlight: 1 });
  const broken = (_json: unknown): _json is never => {
    throw new Error('a fault in the guard');
  };
  await expect(client.request('GET', '/x', { expect: broken })).rejects.toThrow('a fault in the guard');
  await expect(client.request('GET', '/x', { expect: isPage })).resolves.toMatchObject({ status: 200 });
});

test('connections are kept alive', async () => {
  const ports = new Set<number | undefined>();
  const { url } = await start((request, response, index) => {
    ports.add(response.socket?.remotePort);
    good(request, response, index);
  });
  const client = testClient(url);
  for (let i = 0; i < 10; i += 1) await client.request('GET', '/x', { expect: isPage });
  // The platform may open a second one when the first is not yet free; ten would mean that none is kept.
  expect(ports.size).toBeLessThanOrEqual(3);
});

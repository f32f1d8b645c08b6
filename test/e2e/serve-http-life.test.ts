import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { ask, type HttpAnswer, post } from '../support/http.ts';
import { META } from '../support/json-rpc.ts';
import { lockTable } from '../support/locked.ts';
import { connectClient, startHttpServe } from '../support/mcp.ts';
import { createMirror, type Mirror } from '../support/mirrored.ts';

const END_MS = 2_000;
const search = (id: number) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name: 'search_conversations', arguments: { query: 'order' } },
});
const modern = (id: number) => ({ ...search(id), params: { ...search(id).params, _meta: META } });
const MODERN_HEADERS = {
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'search_conversations',
};

describe('the life of serve --http', () => {
  let mirror: Mirror;

  beforeAll(async () => {
    mirror = await createMirror('postgres', 30);
  });
  afterAll(() => mirror.drop());

  const start = () => startHttpServe(['--no-sync'], mirror.env);

  /** Ends it with a signal; says how long that took. */
  const endOf = async (server: Awaited<ReturnType<typeof start>>) => {
    const told = performance.now();
    const { code, signal } = await server.process.stop('SIGTERM');
    return { code, signal, ms: performance.now() - told };
  };

  it('SIGTERM: calls in flight of both families are answered, and it ends within 2 seconds', async () => {
    const server = await start();
    const lock = await lockTable(mirror.env.DATABASE_URL, 'conversations');
    const calls = [post(server.url, search(1)), post(server.url, modern(2), MODERN_HEADERS)];
    await lock.waiters(2);
    const ended = endOf(server);
    await sleep(200);
    await expect(ask(`${server.url}/health`)).rejects.toThrow(/ECONNREFUSED|socket hang up/);
    await lock.release();
    const answers = await Promise.all(calls);
    for (const answer of answers) {
      expect(answer.status, answer.body).toBe(200);
      expect(answer.body).toContain('"total_results"');
    }
    const { code, signal, ms } = await ended;
    expect([code, signal]).toEqual([0, null]);
    expect(ms).toBeLessThan(END_MS);
  });

  it('SIGTERM: a call that never returns does not keep it', async () => {
    const server = await start();
    const lock = await lockTable(mirror.env.DATABASE_URL, 'conversations');
    const call: Promise<HttpAnswer | Error> = post(server.url, search(1)).catch((error: Error) => error);
    await lock.waiters(1);
    const { code, signal, ms } = await endOf(server);
    await lock.release();
    expect([code, signal]).toEqual([0, null]);
    expect(ms).toBeLessThan(END_MS);
    expect(await call).toBeInstanceOf(Error);
  });

  it('SIGTERM: open connections that do nothing, and a client that listens, do not keep it', async () => {
    const server = await start();
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      httpRequest(`${server.url}/health`, { agent }, (response) => response.resume().on('end', resolve))
        .on('error', reject)
        .end();
    });
    const client = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
    expect((await client.call('get_sync_status')).isError).toBe(false);
    const listening = new Promise<string>((resolve, reject) => {
      const outgoing = httpRequest(
        `${server.url}/mcp`,
        {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            'mcp-protocol-version': '2026-07-28',
            'mcp-method': 'subscriptions/listen',
          },
        },
        (response) => resolve(response.headers['content-type'] ?? ''),
      );
      outgoing.on('error', reject);
      outgoing.end(
        JSON.stringify({
          jsonrpc: '2.0',
          id: 1,
          method: 'subscriptions/listen',
          params: { notifications: { toolsListChanged: true }, _meta: META },
        }),
      );
    });
    expect(await listening).toContain('text/event-stream');
    const { code, signal, ms } = await endOf(server);
    expect([code, signal]).toEqual([0, null]);
    expect(ms).toBeLessThan(END_MS);
    agent.destroy();
    await client.close();
  });

  it('a client that vanishes in the middle of a call leaves the server as it was', async () => {
    const server = await start();
    const lock = await lockTable(mirror.env.DATABASE_URL, 'conversations');
    const given = [search(1), search(2)].map((body) => {
      const abort = new AbortController();
      const answer = fetch(`${server.url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body: JSON.stringify(body),
        signal: abort.signal,
      });
      return {
        abort,
        answer: answer.then((response) => response.text()).catch((error: Error) => error.name),
      };
    });
    await lock.waiters(2);
    for (const { abort } of given) abort.abort();
    expect(await Promise.all(given.map(({ answer }) => answer))).toEqual(['AbortError', 'AbortError']);
    await lock.release();
    const next = await post(server.url, search(3));
    expect(next.status).toBe(200);
    expect(next.body).toContain('"total_results"');
    expect(server.process.child.exitCode).toBeNull();
    expect(await endOf(server)).toMatchObject({ code: 0, signal: null });
  });

  it('calls nobody for a client that only looks, and begins to sync with its first request', async () => {
    const sandbox: SandboxProcess = await startSandboxProcess(['--conversations', '30', '--seed', '8']);
    const count = async (): Promise<number> =>
      ((await (await fetch(`${sandbox.url}/__sandbox/requests`)).json()) as { total: number }).total;
    const server = await startHttpServe([], { ...mirror.env, ...sandbox.env });
    const client = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
    const old = await connectClient('v1 client, 2025-11-25', { url: `${server.url}/mcp` });
    await ask(`${server.url}/health`);
    await sleep(100);
    expect(await count()).toBe(0);
    await client.listTools();
    while ((await count()) === 0) await sleep(10);
    await client.close();
    await old.close();
    const { code, ms } = await endOf(server);
    expect(code).toBe(0);
    expect(ms).toBeLessThan(END_MS);
    await sandbox.stop();
  });

  it('is not ready without its database, and says no more than that', async () => {
    const own = await createMirror('postgres', 10);
    const server = await startHttpServe(['--no-sync'], own.env);
    expect((await ask(`${server.url}/ready`)).status).toBe(200);
    await own.drop();
    const ready = await ask(`${server.url}/ready`);
    expect([ready.status, JSON.parse(ready.body)]).toEqual([
      503,
      { status: 'not ready', database: false, migrations: false },
    ]);
    expect((await ask(`${server.url}/health`)).status).toBe(200);
    const client = await connectClient('v2 client, 2025-11-25', { url: `${server.url}/mcp` });
    const answer = await client.call('get_sync_status');
    expect(answer.isError).toBe(true);
    expect(answer.data).toMatchObject({ code: expect.stringMatching(/^STORE_/), retryable: true });
    expect(answer.text).not.toMatch(/test_|database "|select|127\.0\.0\.1|:\/\//);
    await client.close();
    expect(await endOf(server)).toMatchObject({ code: 0, signal: null });
  });
});

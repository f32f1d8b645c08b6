import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import {
  HANDSHAKE,
  modernRequest,
  type RawServer,
  request,
  startRaw,
  toolCall,
} from '../support/json-rpc.ts';
import { connectStdio } from '../support/mcp.ts';
import { createTempDir } from '../support/temp-dir.ts';

/** CONTRACT "Life of serve". */
const END_MS = 2_000;
const CONVERSATIONS = 80;
const CLEAN = { code: 0, signal: null };

const requestsOf = async (url: string): Promise<number> => {
  const answer = (await (await fetch(`${url}/__sandbox/requests`)).json()) as { total: number };
  expect(typeof answer.total).toBe('number');
  return answer.total;
};

describe('serve over stdio, from its start to its end', () => {
  let sandbox: SandboxProcess;
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let env: Record<string, string>;
  let path: string;

  beforeAll(async () => {
    sandbox = await startSandboxProcess([
      '--conversations',
      `${CONVERSATIONS}`,
      '--seed',
      '8',
      '--latency-ms',
      '40',
    ]);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    dir = await createTempDir();
    path = join(dir.path, 'mirror.db');
    env = { ...sandbox.env, DATABASE_URL: `sqlite:${path}`, HOME: dir.path };
  });
  afterEach(() => dir.remove());

  const countLeases = (condition: string): number => {
    const db = new DatabaseSync(path, { readOnly: true });
    const row = db.prepare(`select count(*) as count from sync_leases where ${condition}`).get();
    db.close();
    return Number(row?.count);
  };
  const takenLeases = (): number => countLeases('epoch > 0');
  const heldLeases = (): number => countLeases('holder is not null');

  /** Waits until the background sync has begun. */
  const syncing = async (server: RawServer, before: number): Promise<void> => {
    server.write(toolCall('first', 'get_sync_status'));
    await server.answer('first');
    while ((await requestsOf(sandbox.url)) < before + 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };

  it('writes nothing but JSON-RPC to stdout: under load, errors and shutdown, while a sync runs', async () => {
    const server = startRaw([], { ...env, LOG_LEVEL: 'trace' });
    const kinds = [
      { name: 'search_conversations', arguments: { query: 'the' } },
      { name: 'search_conversations', arguments: { query: 'the', limit: 0 } },
      { name: 'search_conversations', arguments: { quary: 'the' } },
      { name: 'get_conversation', arguments: { id: 'nobody' } },
      { name: 'no_such_tool', arguments: {} },
      { name: 'get_sync_status', arguments: {} },
    ];
    const calls = Array.from({ length: 300 }, (_, index) =>
      request(index + 1, 'tools/call', kinds[index % kinds.length]),
    );
    server.write(HANDSHAKE + calls.join('') + request(900, 'nonsense/method') + 'not json\n');
    const ending = await server.end();
    expect(ending).toMatchObject(CLEAN);
    const answered = server.messages().map((message) => message.id);
    expect(new Set(answered)).toEqual(new Set([...Array(301).keys(), 900, null]));
    expect(answered).toHaveLength(303);
    expect(server.cli.stderr()).toContain('"level":');
  });

  it('ends with stdin within 2 seconds, also while timers and a sync run, and lets go of the lease', async () => {
    const before = await requestsOf(sandbox.url);
    const server = startRaw([], env);
    server.write(HANDSHAKE);
    await syncing(server, before);
    const ending = await server.end();
    expect(ending).toMatchObject(CLEAN);
    expect(ending.ms).toBeLessThan(END_MS);
    expect(heldLeases()).toBe(0);
    const again = await runCli(['sync', '--json'], { env });
    expect(again.code, again.stderr).toBe(0);
  });

  it('ends with SIGTERM within 2 seconds, stdin still open, while a sync runs', async () => {
    const before = await requestsOf(sandbox.url);
    const server = startRaw([], env);
    server.write(HANDSHAKE);
    await syncing(server, before);
    const ending = await server.kill('SIGTERM');
    expect(ending).toMatchObject(CLEAN);
    expect(ending.ms).toBeLessThan(END_MS);
    server.messages();
    expect(heldLeases()).toBe(0);
  });

  it.each([
    ['of the 2025 revisions', HANDSHAKE + request(1, 'ping')],
    ['of 2026-07-28', modernRequest(0, 'server/discover') + modernRequest(1, 'server/discover')],
  ])('calls nobody and takes no lease for a client that only looks, %s', async (_name, look) => {
    const before = await requestsOf(sandbox.url);
    const server = startRaw([], env);
    server.write(look);
    expect((await server.answer(0)).result).toBeDefined();
    expect((await server.answer(1)).result).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await server.end()).toMatchObject(CLEAN);
    expect(await requestsOf(sandbox.url)).toBe(before);
    expect(takenLeases()).toBe(0);
  });

  it.each([
    ['of the 2025 revisions', HANDSHAKE + request(1, 'tools/list')],
    ['of 2026-07-28', modernRequest(0, 'server/discover') + modernRequest(1, 'tools/list')],
  ])('begins to sync with the first other request, %s', async (_name, work) => {
    const before = await requestsOf(sandbox.url);
    const server = startRaw([], env);
    server.write(work);
    expect((await server.answer(1)).result).toBeDefined();
    while ((await requestsOf(sandbox.url)) < before + 5)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await server.end()).toMatchObject(CLEAN);
    expect([takenLeases(), heldLeases()]).toEqual([1, 0]);
  });

  it('ends when its client no longer reads, though stdin stays open', async () => {
    const server = startRaw([], env);
    server.write(HANDSHAKE);
    await server.answer(0);
    server.cli.child.stdout.destroy();
    const calls = Array.from({ length: 20 }, (_, index) => toolCall(index + 1, 'get_sync_status'));
    server.write(calls.join(''));
    const ending = await server.ended();
    expect(ending).toMatchObject(CLEAN);
    expect(ending.ms).toBeLessThan(END_MS);
    expect(server.cli.stderr()).not.toContain('EPIPE');
  });

  it('syncs in the background and answers from what is there', async () => {
    const served = await connectStdio([], env);
    try {
      for (let tries = 0; ; tries += 1) {
        const { data } = await served.call('get_sync_status');
        const { coverage } = data.metadata as {
          coverage: { complete: boolean; conversations: { hydrated: number } };
        };
        if (coverage.complete) {
          expect(coverage.conversations.hydrated).toBe(CONVERSATIONS);
          break;
        }
        expect(tries).toBeLessThan(600);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const { data, isError } = await served.call('search_conversations', {});
      expect(isError).toBe(false);
      expect(data.summary).toMatchObject({ total_results: CONVERSATIONS });
    } finally {
      await served.close();
    }
  });

  it('without a token, or with a bad one, serves what is mirrored and says so', async () => {
    expect((await runCli(['sync'], { env })).code).toBe(0);
    const { INTERCOM_ACCESS_TOKEN: _token, ...withoutToken } = env;
    for (const settings of [withoutToken, { ...withoutToken, INTERCOM_ACCESS_TOKEN: 'invalid' }]) {
      const served = await connectStdio([], settings);
      const search = await served.call('search_conversations', {});
      expect(search.isError, search.text).toBe(false);
      expect(search.data.summary).toMatchObject({ total_results: CONVERSATIONS });
      let text = '';
      for (let tries = 0; tries < 100 && !/token/i.test(text); tries += 1)
        text = (await served.call('get_sync_status')).text;
      expect(text).toMatch(/token/i);
      await served.close();
    }
  });
});

import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import { connectStdio } from '../support/mcp.ts';
import { createTempDir } from '../support/temp-dir.ts';

const request = (id: number, method: string, params: object = {}): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
const initialize = request(0, 'initialize', {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'raw', version: '1' },
});
const initialized = `${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`;

describe('serve over stdio', () => {
  let sandbox: SandboxProcess;
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', '300', '--seed', '8', '--latency-ms', '40']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    dir = await createTempDir();
    env = { ...sandbox.env, DATABASE_URL: `sqlite:${join(dir.path, 'mirror.db')}`, HOME: dir.path };
  });
  afterEach(() => dir.remove());

  /** Every line of stdout is one JSON-RPC message. */
  const messagesOf = (stdout: string) =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const message = JSON.parse(line) as {
          jsonrpc: string;
          id?: number;
          result?: unknown;
          error?: unknown;
        };
        expect(message.jsonrpc).toBe('2.0');
        return message;
      });

  it('writes nothing but JSON-RPC to stdout: under load, errors and shutdown, while a sync runs', async () => {
    const server = startCli(['serve'], { env: { ...env, LOG_LEVEL: 'trace' } });
    server.child.stdin.write(initialize + initialized);
    const calls = Array.from({ length: 60 }, (_, index) => {
      const kinds = [
        { name: 'search_conversations', arguments: { query: 'the' } },
        { name: 'search_conversations', arguments: { query: 'the', limit: 0 } },
        { name: 'search_conversations', arguments: { quary: 'the' } },
        { name: 'get_conversation', arguments: { id: 'nobody' } },
        { name: 'no_such_tool', arguments: {} },
        { name: 'get_sync_status', arguments: {} },
      ];
      return request(index + 1, 'tools/call', kinds[index % kinds.length]);
    });
    server.child.stdin.write(calls.join(''));
    server.child.stdin.write(request(900, 'nonsense/method'));
    server.child.stdin.end();
    const [code] = (await once(server.child, 'close')) as [number | null];
    expect(code).toBe(0);
    const answered = new Set(messagesOf(server.stdout()).map((message) => message.id));
    for (let id = 0; id <= 60; id += 1) expect(answered.has(id), `call ${id} was answered`).toBe(true);
    expect(answered.has(900)).toBe(true);
  });

  it('ends with stdin, also while timers and a sync run', async () => {
    const server = startCli(['serve'], { env });
    server.child.stdin.write(
      initialize + initialized + request(1, 'tools/call', { name: 'get_sync_status', arguments: {} }),
    );
    await server.waitForLine(/"id":1/);
    server.child.stdin.end();
    const [code, signal] = (await once(server.child, 'close')) as [number | null, string | null];
    expect([code, signal]).toEqual([0, null]);
    const again = await runCli(['sync', '--json'], { env });
    expect(again.code, again.stderr).toBe(0);
  });

  it('ends with SIGTERM', async () => {
    const server = startCli(['serve'], { env });
    server.child.stdin.write(
      initialize + initialized + request(1, 'tools/call', { name: 'get_sync_status', arguments: {} }),
    );
    await server.waitForLine(/"id":1/);
    const ended = await server.stop('SIGTERM');
    expect([ended.code, ended.signal]).toEqual([0, null]);
    messagesOf(ended.stdout);
  });

  it('goes on when a client vanishes, and its mirror serves the next one', async () => {
    const server = startCli(['serve'], { env });
    server.child.stdin.write(initialize + initialized);
    server.child.stdout.destroy();
    server.child.stdin.write(
      Array.from({ length: 20 }, (_, index) =>
        request(index + 1, 'tools/call', { name: 'get_sync_status', arguments: {} }),
      ).join(''),
    );
    const [code, signal] = (await once(server.child, 'exit')) as [number | null, string | null];
    expect(signal).toBeNull();
    expect(code).toBe(0);
    expect(server.stderr()).not.toContain('EPIPE');
  });

  it('calls nobody before the first real request', async () => {
    const before = await requestsOf(sandbox.url);
    const server = startCli(['serve'], { env });
    server.child.stdin.write(initialize + initialized);
    await server.waitForLine(/"id":0/);
    server.child.stdin.write(request(1, 'ping'));
    await server.waitForLine(/"id":1/);
    expect(await requestsOf(sandbox.url)).toBe(before);
    await server.stop();
    expect(await requestsOf(sandbox.url)).toBe(before);
  });

  it('syncs in the background and answers from what is there', async () => {
    const served = await connectStdio([], env);
    try {
      for (let tries = 0; ; tries += 1) {
        const { data } = await served.call('get_sync_status');
        const coverage = (
          data.metadata as { coverage: { complete: boolean; conversations: { hydrated: number } } }
        ).coverage;
        if (coverage.complete) {
          expect(coverage.conversations.hydrated).toBe(300);
          break;
        }
        expect(tries).toBeLessThan(600);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      const { data, isError } = await served.call('search_conversations', {});
      expect(isError).toBe(false);
      expect((data.summary as { total_results: number }).total_results).toBe(300);
    } finally {
      await served.close();
    }
  });

  it('without a token, or with a bad one, serves what is mirrored and says so', async () => {
    expect((await runCli(['sync'], { env })).code).toBe(0);
    for (const token of [{}, { INTERCOM_ACCESS_TOKEN: 'invalid' }]) {
      const { INTERCOM_ACCESS_TOKEN: _token, ...rest } = env;
      const served = await connectStdio([], { ...rest, ...token } as Record<string, string>);
      const search = await served.call('search_conversations', {});
      expect(search.isError, search.text).toBe(false);
      expect((search.data.summary as { total_results: number }).total_results).toBe(300);
      let text = '';
      for (let tries = 0; tries < 100 && !/token/i.test(text); tries += 1)
        text = (await served.call('get_sync_status')).text;
      expect(text).toMatch(/token/i);
      await served.close();
    }
  });
});

const requestsOf = async (url: string): Promise<number> => {
  const answer = (await (await fetch(`${url}/__sandbox/requests`)).json()) as { total: number };
  expect(typeof answer.total).toBe('number');
  return answer.total;
};

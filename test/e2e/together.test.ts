import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type RunningCli,
  runCli,
  type SandboxProcess,
  startCli,
  startSandboxProcess,
  withoutFetchTime,
} from '../support/cli.ts';
import { connectStdio } from '../support/mcp.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';

const CONVERSATIONS = 260;

/** Several MCP clients start one server each, and a person runs commands beside them: a normal case. */
describeOnBothEngines('several processes on one mirror', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    const size = String(CONVERSATIONS);
    sandbox = await startSandboxProcess(['--conversations', size, '--seed', '33', '--latency-ms', '25']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const threadsFetched = async (): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint['GET /conversations/{id}'] ?? 0;
  /** The first request of a client: from then on a server syncs. */
  const initialize = async (server: RunningCli): Promise<void> => {
    const request = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
    const client = {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 't', version: '1' },
    };
    const lines = [
      { jsonrpc: '2.0', id: 0, method: 'initialize', params: client },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      request,
    ];
    server.child.stdin.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await server.waitForLine(/"id":1/);
  };
  const exported = async (): Promise<string> => {
    const result = await runCli(['export', 'conversations'], { env: { DATABASE_URL: place.url } });
    expect(result.code, result.stderr).toBe(0);
    return withoutFetchTime(result.stdout);
  };

  /** The requests made meanwhile by path. GET /me stands apart: a run asks it again when a second has passed. */
  const spent = async <T>(work: () => Promise<T>) => {
    const before = await requestCounts(sandbox.url);
    const result = await work();
    const after = await requestCounts(sandbox.url);
    const counts = Object.entries(after.byEndpoint)
      .map(([path, count]) => [path, count - (before.byEndpoint[path] ?? 0)] as const)
      .filter(([path, count]) => path !== 'GET /me' && count > 0);
    return { result, total: after.total - before.total, byEndpoint: Object.fromEntries(counts) };
  };
  const lastRun = async (url: string) => {
    const { stdout } = await runCli(['status', '--json'], { env: { DATABASE_URL: url } });
    return (
      JSON.parse(stdout) as {
        readonly last_run: { readonly status: string; readonly requests: number } | null;
      }
    ).last_run;
  };

  it('five syncs at once make the requests of one, and end with its result', async () => {
    const syncs = (count: number, url: string) =>
      spent(async () => {
        const settings = { env: { ...env, DATABASE_URL: url } };
        const started = Array.from({ length: count }, () => runCli(['sync', '--json'], settings));
        const results = await Promise.all(started);
        for (const result of results) expect(result.code, result.stderr).toBe(0);
        const lines = results.map((result) => result.stdout.trimEnd().split('\n').at(-1) ?? '');
        expect(new Set(lines).size).toBe(1);
        return JSON.parse(lines[0] ?? '') as { readonly status: string; readonly requests: number };
      });
    const other = await create();
    const alone = await syncs(1, other.url);
    await other.drop();
    const together = await syncs(5, place.url);
    expect(together.result.status).toBe('complete');
    expect(together.byEndpoint).toEqual(alone.byEndpoint);
    // Each process asks whose token it has.
    expect([alone.total, together.total]).toEqual([alone.result.requests + 1, together.result.requests + 5]);
    expect(alone.byEndpoint['GET /conversations/{id}']).toBe(CONVERSATIONS);
    expect((await exported()).split('\n').filter(Boolean)).toHaveLength(CONVERSATIONS);
  });

  it('five servers at once make the requests of one', async () => {
    const serve = (count: number, url: string) =>
      spent(async () => {
        const settings = { ...env, DATABASE_URL: url, FAST_INTERCOM_POLL_SECONDS: '3600' };
        const { total } = await requestCounts(sandbox.url);
        const servers = Array.from({ length: count }, () => startCli(['serve'], { env: settings }));
        await Promise.all(servers.map(initialize));
        for (;;) {
          const run = await lastRun(url);
          const made = (await requestCounts(sandbox.url)).total - total;
          if (run?.status === 'complete' && made >= run.requests + count) break;
        }
        // Whoever takes over from one that ends would sync, were anything left to do.
        for (const server of servers) expect((await server.stop()).code).toBe(0);
        return (await lastRun(url))?.requests ?? Number.NaN;
      });
    const other = await create();
    const alone = await serve(1, other.url);
    await other.drop();
    const together = await serve(5, place.url);
    expect(together.byEndpoint).toEqual(alone.byEndpoint);
    expect([alone.total, together.total]).toEqual([alone.result + 1, together.result + 5]);
    expect(alone.byEndpoint['GET /conversations/{id}']).toBe(CONVERSATIONS);
  }, 60_000);

  it('a sync that comes late, after the one that ran when it was started, ends with its result', async () => {
    const settings = { ...env, FAST_INTERCOM_CONCURRENCY: '4' };
    const start = await threadsFetched();
    const first = startCli(['sync', '--json'], { env: settings });
    while ((await threadsFetched()) < start + 20) await sleep(5);
    await setFaults(sandbox.url, { kind: 'slow', delayMs: 4_000, path: '/me', times: 1 });
    const second = startCli(['sync', '--json'], { env: settings });
    const [, result] = await first.waitForLine(/^(\{"status":"complete".*)$/m);
    await second.waitForLine(/"status":"complete"/);
    await setFaults(sandbox.url, { kind: 'none' });
    expect((await second.stop()).stdout.trimEnd()).toBe(result);
    await first.stop();
    // One that is asked for now runs.
    const added = String(await mutate(sandbox.url, 'addConversation'));
    const third = await runCli(['sync', '--json'], { env: settings });
    expect(third.stdout.trimEnd()).not.toBe(result);
    expect((await runCli(['show', added], { env: { DATABASE_URL: place.url } })).code).toBe(0);
    await mutate(sandbox.url, 'delete', added);
  });

  it('another process takes over at once when the one that syncs is killed', async () => {
    const first = startCli(['sync'], { env });
    const start = await threadsFetched();
    while ((await threadsFetched()) < start + 40) await new Promise((resolve) => setTimeout(resolve, 5));
    const second = startCli(['sync', '--json'], { env });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
    const started = performance.now();
    await second.waitForLine(/"status":"complete"/);
    // Far below the 30 seconds of a lease: nobody waits for a process that is gone.
    expect(performance.now() - started).toBeLessThan(20_000);
    await second.stop();
    expect((await exported()).split('\n').filter(Boolean)).toHaveLength(CONVERSATIONS);
  });

  it('a second sync ends with the failure of the first', async () => {
    await setFaults(sandbox.url, {
      kind: 'status',
      status: 401,
      code: 'unauthorized',
      path: '/',
      after: 60,
      times: 1e6,
    });
    const results = await Promise.all(Array.from({ length: 3 }, () => runCli(['sync', '--json'], { env })));
    const total = (await requestCounts(sandbox.url)).total;
    await setFaults(sandbox.url, { kind: 'none' });
    for (const { code, stderr } of results) {
      expect(code, stderr).toBe(1);
      expect(stderr).toContain('INTERCOM_UNAUTHORIZED');
    }
    // One of them was refused; the others did not try the dead token again.
    expect(total).toBeGreaterThan(60);
  });

  it('servers and commands answer while a sync writes, and all of them see the same at the end', async () => {
    const syncing = startCli(['sync', '--json'], { env });
    const servers = await Promise.all([connectStdio([], env), connectStdio([], env)]);
    const totals: number[] = [];
    const look = async (): Promise<void> => {
      for (const server of servers) {
        const { data, isError, text } = await server.call('search_conversations', { limit: 1 });
        if (isError) expect(text).toContain('WORKSPACE_UNKNOWN');
        else totals.push((data.summary as { total_results: number }).total_results);
      }
    };
    const done = syncing.waitForLine(/"status":"complete"/).then(() => true);
    while (!(await Promise.race([done, look().then(() => false)])));
    await look();
    expect(totals.at(-1)).toBe(CONVERSATIONS);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    const command = await runCli(['search', '', '--json', '--limit', '1'], {
      env: { DATABASE_URL: place.url },
    });
    expect((JSON.parse(command.stdout) as { summary: { total_results: number } }).summary.total_results).toBe(
      CONVERSATIONS,
    );
    await Promise.all(servers.map((server) => server.close()));
    await syncing.stop();
  });

  it('of several servers one syncs, does what a command asks for, and is followed by another one', async () => {
    const settings = {
      ...env,
      FAST_INTERCOM_POLL_SECONDS: '2',
      FAST_INTERCOM_LEASE_SECONDS: '3',
    };
    const before = await threadsFetched();
    const first = startCli(['serve'], { env: settings });
    await initialize(first);
    const synced = await runCli(['sync', '--json'], { env: settings });
    expect(synced.code, synced.stderr).toBe(0);
    const others = [startCli(['serve'], { env: settings }), startCli(['serve'], { env: settings })];
    await Promise.all(others.map(initialize));
    expect((await threadsFetched()) - before).toBe(CONVERSATIONS);
    // Whose token they have, and one poll (3 requests) after the other of one process: not three times that.
    const start = (await requestCounts(sandbox.url)).total;
    await sleep(6_500);
    expect((await requestCounts(sandbox.url)).total - start).toBeLessThan(2 + 3 * 5);
    const added = String(await mutate(sandbox.url, 'addConversation'));
    expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
    const until = performance.now() + 15_000;
    for (;;) {
      const shown = await runCli(['show', added], { env: { DATABASE_URL: place.url } });
      if (shown.code === 0 || performance.now() > until) {
        expect(shown.code, shown.stderr).toBe(0);
        break;
      }
      await sleep(200);
    }
    for (const other of others) expect((await other.stop()).code).toBe(0);
  }, 90_000);
});

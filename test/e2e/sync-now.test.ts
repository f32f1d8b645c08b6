import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import {
  CLIENTS,
  connectClient,
  connectStdio,
  type HttpServerProcess,
  type Progress,
  startHttpServe,
} from '../support/mcp.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { changeSettings, mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';

const CONVERSATIONS = 80;
const FAST = { latencyMs: 20 };
/** Threads come slowly enough to be seen coming. */
const SLOW = { FAST_INTERCOM_CONCURRENCY: '4', FAST_INTERCOM_POLL_SECONDS: '3600' };

describeOnBothEngines('sync_now', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    const flags = ['--conversations', `${CONVERSATIONS}`, '--seed', '77', '--latency-ms', '60'];
    sandbox = await startSandboxProcess(flags);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    place = await create();
    env = { ...sandbox.env, ...SLOW, DATABASE_URL: place.url };
  });
  afterEach(() => place.drop());

  const threads = async (): Promise<number> =>
    (await requestCounts(sandbox.url)).byEndpoint['GET /conversations/{id}'] ?? 0;

  describe.each(['stdio', 'Streamable HTTP'] as const)('over %s', (transport) => {
    it.each(CLIENTS)('%s sees the first sync come to its end', async (name) => {
      let server: HttpServerProcess | undefined;
      if (transport !== 'stdio') server = await startHttpServe([], env);
      const client = await connectClient(name, server ? { url: `${server.url}/mcp` } : { args: [], env });
      // It goes slowly until its progress was seen.
      await changeSettings(sandbox.url, { latencyMs: 300 });
      const seen: Progress[] = [];
      const answer = await client.call(
        'sync_now',
        { wait_seconds: 50 },
        {
          onprogress(progress) {
            seen.push(progress);
            if (progress.message?.includes('with their thread')) void changeSettings(sandbox.url, FAST);
          },
        },
      );
      expect(answer.isError, answer.text).toBe(false);
      expect(answer.data).toMatchObject({
        outcome: 'complete',
        run: { fetched: expect.any(Number), failed: 0 },
        metadata: {
          coverage: { complete: true, conversations: { known: CONVERSATIONS, hydrated: CONVERSATIONS } },
        },
      });
      expect(answer.text).toContain('The sync is done.');
      expect(answer.text).toContain(`${CONVERSATIONS} conversations`);
      expect(seen.length).toBeGreaterThanOrEqual(2);
      for (const [index, { progress }] of seen.entries())
        expect(progress).toBeGreaterThan(seen[index - 1]?.progress ?? -1);
      expect(seen.some(({ message }) => message?.includes('with their thread'))).toBe(true);
      // Again: there is next to nothing to do, and what is new is there.
      const added = String(await mutate(sandbox.url, 'addConversation'));
      expect((await client.call('sync_now')).data).toMatchObject({ outcome: 'complete' });
      expect((await client.call('get_conversation', { id: added })).isError).toBe(false);
      await mutate(sandbox.url, 'delete', added);
      await client.close();
      await server?.process.stop();
    });
  });

  it('joins the sync of another process', async () => {
    const before = await threads();
    const syncing = startCli(['sync', '--json'], { env });
    while ((await threads()) < before + 5) await sleep(5);
    // From here on it takes too long to end before somebody joins.
    await changeSettings(sandbox.url, { latencyMs: 3_000 });
    const client = await connectStdio([], env);
    const seen: Progress[] = [];
    const answer = await client.call(
      'sync_now',
      { wait_seconds: 50 },
      {
        onprogress(progress) {
          seen.push(progress);
          if (progress.message?.includes('with their thread')) void changeSettings(sandbox.url, FAST);
        },
      },
    );
    expect(answer.data).toMatchObject({ outcome: 'complete', run: { failed: 0 } });
    // The numbers are those of the other process.
    expect(seen.some(({ message }) => /^\d+ of 80 conversations listed/.test(message ?? ''))).toBe(true);
    expect((await threads()) - before).toBe(CONVERSATIONS);
    await client.close();
    expect((await syncing.stop()).stdout).toContain('"status":"complete"');
  });

  it('a call that waits no longer, or is cancelled, leaves the sync going on', async () => {
    const client = await connectStdio([], env);
    const cancel = new AbortController();
    const cancelled = client.call('sync_now', { wait_seconds: 50 }, { signal: cancel.signal });
    const before = await threads();
    while ((await threads()) < before + 5) await sleep(5);
    cancel.abort();
    await expect(cancelled).rejects.toBeDefined();
    expect((await client.call('sync_now', { wait_seconds: 0 })).data).toMatchObject({
      outcome: expect.stringMatching(/^(running|requested)$/),
    });
    const last = await client.call('sync_now', { wait_seconds: 50 });
    expect(last.data).toMatchObject({ outcome: 'complete', metadata: { coverage: { complete: true } } });
    await client.close();
  });

  it('says what is wrong where nothing can be synced', async () => {
    const { INTERCOM_ACCESS_TOKEN: _token, ...without } = env;
    for (const [args, settings, code] of [
      [[], without, 'CONFIG_TOKEN_MISSING'],
      [['--no-sync'], env, 'SYNC_OFF'],
    ] as const) {
      const client = await connectStdio(args, settings);
      const answer = await client.call('sync_now');
      expect(answer.isError).toBe(true);
      expect(answer.data).toMatchObject({ code, retryable: false });
      expect(answer.text).toContain(code);
      await client.close();
    }
    await setFaults(sandbox.url, {
      kind: 'status',
      status: 401,
      code: 'unauthorized',
      path: '/',
      times: 1e6,
    });
    try {
      const client = await connectStdio([], env);
      expect((await client.call('sync_now')).data).toMatchObject({ code: 'INTERCOM_UNAUTHORIZED' });
      await client.close();
    } finally {
      await setFaults(sandbox.url, { kind: 'none' });
    }
  });
});

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors/app-error.ts';
import type { AskedSync, SyncOutcome, SyncPort } from '../../src/query/sync-port.ts';
import { WORKSPACE } from '../contract/builders.ts';
import { connectClient, type Progress, type ServedClient } from '../support/mcp.ts';
import { type InProcess, type InProcessOptions, serveInProcess, simple } from './in-process.ts';

const OUTCOME: SyncOutcome = {
  status: 'complete',
  requests: 12,
  duration_ms: 3_400,
  entities: {
    conversations: { listed: 5, fetched: 3, changed: 4, failed: 0, skipped_reason: null },
    contacts: { listed: 9, fetched: 0, changed: 2, failed: 1, skipped_reason: null },
  },
  incomplete: [],
};

/** A sync whose end the test decides. */
const steered = () => {
  let outcome: SyncOutcome | AppError | null = null;
  const done = { asked: 0, looked: 0, forgotten: 0 };
  const asked: AskedSync = {
    alias: 'default',
    workspaceId: WORKSPACE.id,
    outcome: async () => {
      done.looked += 1;
      if (outcome instanceof AppError) throw outcome;
      return outcome;
    },
    forget: async () => {
      done.forgotten += 1;
    },
  };
  const port: SyncPort = {
    ask: async () => {
      done.asked += 1;
      return [asked];
    },
  };
  return {
    port,
    done,
    end: (with_: SyncOutcome | AppError) => {
      outcome = with_;
    },
  };
};

const syncingBy = (port: SyncPort) => ({ aliases: ['default'], pausedBy: () => undefined, port });

describe('sync_now', () => {
  let place: InProcess;
  let client: ServedClient;
  afterEach(async () => {
    await client.close();
    await place.close();
  });
  const serve = async (options: Partial<InProcessOptions>): Promise<void> => {
    place = await serveInProcess({ conversations: simple(3), ...options });
    client = await connectClient('v2 client, 2026-07-28', { url: place.url });
  };

  it('says what a sync did, in text and data alike', async () => {
    const { done, end, port } = steered();
    end({
      ...OUTCOME,
      status: 'incomplete',
      incomplete: [{ entity: 'contacts', id: '*', code: 'INTERCOM_TIMEOUT' }],
    });
    await serve({ syncing: syncingBy(port) });
    const answer = await client.call('sync_now');
    expect(answer.isError, answer.text).toBe(false);
    expect(answer.data).toMatchObject({
      state: 'idle',
      outcome: 'incomplete',
      time_left_ms: 0,
      run: { requests: 12, duration_ms: 3_400, changed: 6, fetched: 3, failed: 1 },
      incomplete_count: 1,
      incomplete: [{ entity: 'contacts', id: '*', code: 'INTERCOM_TIMEOUT' }],
      metadata: { coverage: { conversations: { known: 3, hydrated: 3 } } },
    });
    for (const fact of [
      'some objects could not be had',
      `${answer.data.waited_ms as number} ms`,
      '12 requests in 3.4 s (3400 ms): 6 changed, 3 fetched one by one, 1 failed',
      'contacts *: INTERCOM_TIMEOUT',
      '3 conversations',
    ])
      expect(answer.text).toContain(fact);
    expect(done).toMatchObject({ asked: 1, forgotten: 1 });
    const tool = (await client.listTools()).find(({ name }) => name === 'sync_now');
    const validate = new Ajv2020({ strict: false }).compile(tool?.outputSchema ?? false);
    expect(validate(answer.data), JSON.stringify(validate.errors)).toBe(true);
  });

  it('stops waiting after wait_seconds, and leaves the sync to itself', async () => {
    const { done, port } = steered();
    await serve({ syncing: syncingBy(port) });
    const answer = await client.call('sync_now', { wait_seconds: 1 });
    expect(answer.data).toMatchObject({ outcome: 'requested', state: 'idle' });
    expect(answer.data).not.toHaveProperty('run');
    expect(answer.data).not.toHaveProperty('time_left_ms');
    expect(answer.text).toContain('Time left: not known yet.');
    expect(done.forgotten).toBe(0);
    expect((await client.call('sync_now', { wait_seconds: 0 })).data).toMatchObject({ outcome: 'requested' });
  });

  it('tells how it goes on, with a number that rises, where the call has a token', async () => {
    const { end, port } = steered();
    await serve({ syncing: syncingBy(port) });
    const { store } = place;
    const fence = { workspaceId: WORKSPACE.id, epoch: 1 };
    await store.write('startRun', { fence, runId: 'run', now: Date.now() });
    const note = (listed: number, threads: number, phase = 'syncing') =>
      store.write('noteProgress', {
        fence,
        runId: 'run',
        requests: listed + threads,
        progress: JSON.stringify({
          phase,
          listing: { done: listed, total: 100, etaMs: 1_500 },
          threads: { done: threads, total: 100, etaMs: 65_000 },
          contacts: 4,
          requests: listed + threads,
          elapsedMs: 900,
        }),
      });
    const seen: Progress[] = [];
    // One step behind the other: the last one goes back, as numbers of the next run may.
    const follow = (message = ''): void => {
      if (message.startsWith('A sync was')) void note(30, 10);
      if (message.startsWith('30 of')) void note(100, 10);
      if (message.startsWith('100 of')) void note(40, 10);
      if (message.startsWith('40 of')) end(OUTCOME);
    };
    const calling = client.call(
      'sync_now',
      {},
      {
        onprogress: (progress) => {
          seen.push(progress);
          follow(progress.message);
        },
      },
    );
    const running = await client.call('get_sync_status');
    expect((await calling).data).toMatchObject({ outcome: 'complete' });
    expect(running.isError).toBe(false);
    expect(seen.length).toBeGreaterThanOrEqual(4);
    for (const [index, { progress }] of seen.entries())
      expect(progress).toBeGreaterThan(seen[index - 1]?.progress ?? -1);
    const messages = seen.map(({ message }) => message);
    expect(messages).toContain(
      '30 of 100 conversations listed, about 2 s left; 10 of 100 with their thread, about 65 s left; 40 requests so far.',
    );
    expect(seen.find(({ message }) => message?.startsWith('30 of'))).toMatchObject({
      progress: 40,
      total: 200,
    });
    const status = await client.call('get_sync_status');
    expect(status.data.progress).toMatchObject({
      phase: 'syncing',
      listing: { done: 40, total: 100, eta_ms: 1_500 },
      threads: { done: 10, total: 100, eta_ms: 65_000 },
    });
    expect(status.text).toContain('The sync that runs: 40 of 100 conversations listed, about 2 s left');
  });

  it('a call that is cancelled stops waiting and takes nothing back', async () => {
    const { done, port } = steered();
    await serve({ syncing: syncingBy(port) });
    const cancel = new AbortController();
    const calling = client.call('sync_now', { wait_seconds: 50 }, { signal: cancel.signal });
    while (done.looked === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    cancel.abort();
    await expect(calling).rejects.toBeDefined();
    const looked = done.looked;
    await new Promise((resolve) => setTimeout(resolve, 600));
    // One look may have been under way.
    expect(done.looked - looked).toBeLessThan(2);
    expect(done.forgotten).toBe(0);
  });

  it('of several workspaces waits for all, and one that fails is named', async () => {
    const [one, two] = [steered(), steered()];
    const [first] = await one.port.ask(undefined);
    const [second] = await two.port.ask(undefined);
    if (first === undefined || second === undefined) throw new Error('nothing was asked for');
    const wanted: (readonly string[] | undefined)[] = [];
    const port: SyncPort = {
      ask: async (aliases) => {
        wanted.push(aliases);
        return aliases?.includes('eu') ? [second] : [first, { ...second, alias: 'eu', workspaceId: 'ws-eu' }];
      },
    };
    one.end(OUTCOME);
    two.end(new AppError('INTERCOM_UNAUTHORIZED'));
    await serve({ syncing: { aliases: ['default', 'eu'], pausedBy: () => undefined, port } });
    const answer = await client.call('sync_now');
    expect(answer.isError, answer.text).toBe(false);
    expect(answer.data).toMatchObject({
      outcome: 'incomplete',
      run: { requests: 12, changed: 6 },
      incomplete: [{ workspace: 'eu', entity: '*', id: '*', code: 'INTERCOM_UNAUTHORIZED' }],
    });
    expect(answer.text).toContain('eu: * *: INTERCOM_UNAUTHORIZED');
    const named = await client.call('sync_now', { workspace: 'EU' });
    expect(named.data).toMatchObject({ code: 'INTERCOM_UNAUTHORIZED' });
    expect((await client.call('sync_now', { workspace: 'nowhere' })).data).toMatchObject({
      code: 'WORKSPACE_NOT_FOUND',
    });
    expect(wanted).toEqual([undefined, ['eu']]);
  });

  it('ends with the code of a sync that failed', async () => {
    const { done, end, port } = steered();
    end(new AppError('INTERCOM_UNREACHABLE'));
    await serve({ syncing: syncingBy(port) });
    const answer = await client.call('sync_now');
    expect(answer.isError).toBe(true);
    expect(answer.data).toMatchObject({ code: 'INTERCOM_UNREACHABLE', retryable: true });
    expect(done.forgotten).toBe(1);
  });

  it.each(['CONFIG_TOKEN_MISSING', 'STORE_READ_ONLY', 'SYNC_OFF'] as const)(
    'says why nothing can be synced: %s',
    async (code) => {
      await serve({ syncing: { aliases: [], pausedBy: () => new AppError(code) } });
      const answer = await client.call('sync_now');
      expect(answer.isError).toBe(true);
      expect(answer.data).toMatchObject({ code, remedy: new AppError(code).remedy, retryable: false });
    },
  );

  it.each([
    [{ wait_seconds: 51 }, 'ARGUMENT_INVALID'],
    [{ wait_seconds: -1 }, 'ARGUMENT_INVALID'],
    [{ wait_seconds: 1.5 }, 'ARGUMENT_INVALID'],
    [{ wait_seconds: 'long' }, 'ARGUMENT_INVALID'],
    [{ wait: 1 }, 'ARGUMENT_UNKNOWN'],
  ])('refuses %j', async (args, code) => {
    await serve({ syncing: syncingBy(steered().port) });
    expect((await client.call('sync_now', args)).data).toMatchObject({ code });
  });
});

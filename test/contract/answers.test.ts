import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIntercomClient } from '../../src/intercom/client.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { createSyncService, type SyncService } from '../../src/sync/create-sync-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { requestCounts } from '../support/sandbox-control.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const only = ['tags', 'teams'];
const POLL_MS = 1_500;
const LEASE_MS = 600;

describeEngines('a sync that another one has answered', (create) => {
  let sandbox: SandboxProcess;
  let place: TestPlace;
  let store: OpenedStore;
  let closing: (() => Promise<void>)[];
  beforeEach(async () => {
    sandbox = await startSandboxProcess(['--conversations', '5']);
    place = await create();
    store = await place.open();
    closing = [];
  });
  afterEach(async () => {
    for (const close of closing) await close();
    await place.drop();
    await sandbox.stop();
  });

  /** Each stands for a process: it has to ask whose token it has. */
  const newProcess = (): SyncService => {
    const client = createIntercomClient({
      baseUrl: sandbox.url,
      token: 'sandbox',
      version: '2.15',
      logger: silentLogger,
    });
    const service = createSyncService({
      store,
      client,
      alias: 'default',
      logger: silentLogger,
      leaseMs: LEASE_MS,
    });
    closing.push(async () => {
      await service.stop();
      await client.close();
    });
    return service;
  };
  const spent = async (work: Promise<unknown>): Promise<number> => {
    const { total } = await requestCounts(sandbox.url);
    await work;
    return (await requestCounts(sandbox.url)).total - total;
  };
  const newestRun = async () => {
    const workspace = await store.read('findWorkspace', { alias: 'default' });
    return workspace === null ? null : store.read('findRun', { workspaceId: workspace.id });
  };
  const endOfRun = async (after: string | undefined) => {
    for (;;) {
      const run = await newestRun();
      if (run !== null && run.runId !== after && run.finishedAt !== null) return run;
      await sleep(10);
    }
  };

  it('has its result when it was asked for before that ended, and runs when it was asked for later', async () => {
    const [first, second] = [newProcess(), newProcess()];
    const askedAt = performance.now();
    const result = await first.run({ only });
    const answer = second.run({ only, askedAt });
    expect(await spent(answer)).toBe(1);
    expect(await answer).toEqual(result);
    // More than that run did.
    expect(await spent(second.run({ only, askedAt, full: true }))).toBeGreaterThan(1);
    expect(await spent(second.run({ only: [...only, 'admins'], askedAt }))).toBeGreaterThan(0);
    const { runId } = (await newestRun()) ?? {};
    await second.run({ only });
    expect((await newestRun())?.runId).not.toBe(runId);
  });

  it('has the result of a server that holds the lease and rests', async () => {
    const askedAt = performance.now();
    const server = newProcess();
    server.start({ pollMs: 60_000, only });
    const { result, runId } = await endOfRun(undefined);
    expect(await newProcess().run({ only, askedAt })).toEqual(JSON.parse(result ?? ''));
    expect((await newestRun())?.runId).toBe(runId);
    await newProcess().run({ only });
    expect((await newestRun())?.runId).not.toBe(runId);
  });

  it('is not repeated by a server that takes over: its next run is due when that of the first was', async () => {
    const [first, second] = [newProcess(), newProcess()];
    const since = performance.now();
    first.start({ pollMs: 60_000, only });
    const one = await endOfRun(undefined);
    await first.stop();
    second.start({ pollMs: POLL_MS, only, since });
    const other = await endOfRun(one.runId);
    expect(other.startedAt - (one.finishedAt ?? 0)).toBeGreaterThanOrEqual(POLL_MS - 100);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { beginSync, incomingOf, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

describeEngines('the lease', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  const workspaceId = WORKSPACE.id;
  const ask = (holder: string, now: number, deadHolder?: string) =>
    store.write('acquireLease', {
      workspaceId,
      holder,
      now,
      ttlMs: 1_000,
      ...(deadHolder ? { deadHolder } : {}),
    });

  beforeEach(async () => {
    place = await create();
    store = await place.open();
    await store.write('bindWorkspace', { alias: 'default', workspace: WORKSPACE });
  });
  afterEach(() => place.drop());

  it('is held by one, until it runs out', async () => {
    expect(await ask('a', 0)).toEqual({ acquired: true, epoch: 1 });
    expect(await ask('b', 999)).toMatchObject({ acquired: false, epoch: 1, holder: 'a' });
    expect(await ask('b', 1_000)).toEqual({ acquired: true, epoch: 2 });
    expect(await store.write('renewLease', { workspaceId, epoch: 1, now: 1_001, ttlMs: 1_000 })).toBe(false);
    expect(await store.write('renewLease', { workspaceId, epoch: 2, now: 1_900, ttlMs: 1_000 })).toBe(true);
    expect(await ask('a', 2_500)).toMatchObject({ acquired: false });
  });

  it('is given to exactly one of many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => ask(`p${index}`, 0)));
    expect(answers.filter((answer) => answer.acquired)).toHaveLength(1);
  });

  it('passes on at once when released or when the holder is known to be dead', async () => {
    const first = await ask('a', 0);
    expect(await ask('b', 1, 'someone else')).toMatchObject({ acquired: false });
    expect(await ask('b', 1, 'a')).toEqual({ acquired: true, epoch: 2 });
    await store.write('releaseLease', { workspaceId, epoch: first.epoch });
    expect(await ask('c', 2)).toMatchObject({ acquired: false });
    await store.write('releaseLease', { workspaceId, epoch: 2 });
    expect(await ask('c', 3)).toEqual({ acquired: true, epoch: 3 });
  });

  it('refuses every sync write of an epoch that is over', async () => {
    const fence = await beginSync(store);
    await ask('next', 100_000);
    const step = { scanId: 'scan', windowNo: 0, nextCursor: null };
    const writes = [
      store.write('applyConversationPage', {
        fence,
        step,
        conversations: [incomingOf({ id: '1' })],
        fetchedAt: 5,
      }),
      store.write('applyThreads', {
        fence,
        threads: [incomingOf({ id: '1', parts: [] })],
        failures: [],
        fetchedAt: 5,
        staleNotBefore: 0,
      }),
      store.write('applyContactPage', { fence, step, contacts: [], fetchedAt: 5 }),
      store.write('replaceSmallTable', { fence, entity: 'tags', rows: [], fetchedAt: 5 }),
      store.write('finishScan', { fence, entity: 'conversations', watermark: 5, completedAt: 5 }),
      store.write('failEntity', { fence, entity: 'tags', code: 'INTERNAL' }),
      store.write('startRun', { fence, runId: 'late', now: 5 }),
      store.write('unparkQueue', { fence }),
    ];
    for (const write of await Promise.allSettled(writes)) {
      expect(write).toMatchObject({ status: 'rejected', reason: { code: 'SYNC_LEASE_LOST' } });
    }
    expect(await store.read('exportPage', { workspaceId, limit: 9, deleted: true })).toEqual([]);
  });

  it('refuses another workspace under a bound alias and writes nothing', async () => {
    const write = store.write('bindWorkspace', {
      alias: 'default',
      workspace: { ...WORKSPACE, id: 'other' },
    });
    await expect(write).rejects.toMatchObject({ code: 'SYNC_WORKSPACE_MISMATCH' });
    expect(await store.read('findWorkspace', { alias: 'default' })).toEqual(WORKSPACE);
  });

  it('closes runs that were cut off, and tells the newest', async () => {
    const fence = await beginSync(store);
    await store.write('startRun', { fence, runId: 'one', now: 1 });
    await store.write('startRun', { fence, runId: 'two', now: 2 });
    await store.write('finishRun', {
      workspaceId,
      runId: 'two',
      now: 3,
      status: 'complete',
      requests: 4,
      result: '{}',
    });
    expect(await store.read('findRun', { workspaceId })).toMatchObject({
      runId: 'two',
      status: 'complete',
      requests: 4,
    });
    expect(await store.read('findRun', { workspaceId, epoch: fence.epoch })).toMatchObject({ runId: 'two' });
    expect(await store.read('findRun', { workspaceId, epoch: 99 })).toBeNull();
  });
});

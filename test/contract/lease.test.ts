import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunScope } from '../../src/data/run-scope.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { beginSync, hydrate, incomingOf, list, threadOf, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const LONG = 60_000;

describeEngines('the lease', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  const workspaceId = WORKSPACE.id;
  const ask = (holder: string, ttlMs: number, deadHolder?: string) =>
    store.write('acquireLease', {
      workspaceId,
      holder,
      ttlMs,
      ...(deadHolder ? { deadHolder } : {}),
    });

  beforeEach(async () => {
    place = await create();
    store = await place.open();
    await store.write('bindWorkspace', { alias: 'default', workspace: WORKSPACE });
  });
  afterEach(() => place.drop());

  it('is held by one, until it runs out by the clock of the database', async () => {
    expect(await ask('a', LONG)).toEqual({ acquired: true, epoch: 1 });
    expect(await ask('b', LONG)).toMatchObject({ acquired: false, epoch: 1, holder: 'a' });
    expect(await store.write('renewLease', { workspaceId, epoch: 1, ttlMs: 0 })).toBe(true);
    expect(await ask('b', LONG)).toEqual({ acquired: true, epoch: 2 });
    expect(await store.write('renewLease', { workspaceId, epoch: 1, ttlMs: LONG })).toBe(false);
    expect(await store.write('renewLease', { workspaceId, epoch: 2, ttlMs: LONG })).toBe(true);
    expect(await ask('a', LONG)).toMatchObject({ acquired: false });
  });

  it('is given to exactly one of many who ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => ask(`p${index}`, LONG)));
    expect(answers.filter((answer) => answer.acquired)).toHaveLength(1);
  });

  it('passes on at once when released or when the holder is known to be dead', async () => {
    const first = await ask('a', LONG);
    expect(await ask('b', LONG, 'someone else')).toMatchObject({ acquired: false });
    expect(await ask('b', LONG, 'a')).toEqual({ acquired: true, epoch: 2 });
    await store.write('releaseLease', { workspaceId, epoch: first.epoch });
    expect(await ask('c', LONG)).toMatchObject({ acquired: false });
    await store.write('releaseLease', { workspaceId, epoch: 2 });
    expect(await ask('c', LONG)).toEqual({ acquired: true, epoch: 3 });
  });

  it('refuses every sync write of an epoch that is over', async () => {
    const fence = await beginSync(store);
    await store.write('renewLease', { workspaceId, epoch: fence.epoch, ttlMs: 0 });
    expect(await ask('next', LONG)).toMatchObject({ acquired: true });
    const step = { scanId: 'scan', windowNo: 0, nextCursor: null };
    const writes = [
      list(store, fence, [incomingOf({ id: '1' })]),
      hydrate(store, fence, [threadOf({ id: '1' })]),
      store.write('applyDeletions', { fence, deleted: [] }),
      store.write('restartWindow', { fence, scanId: 'scan', windowNo: 0 }),
      store.write('applyContactPage', { fence, step, contacts: [], fetchedAt: 5 }),
      store.write('replaceSmallTable', { fence, entity: 'tags', rows: [], fetchedAt: 5 }),
      store.write('finishScan', {
        fence,
        entity: 'conversations',
        kind: 'poll',
        watermark: 5,
        completedAt: 5,
      }),
      store.write('failEntity', { fence, entity: 'tags', code: 'INTERNAL' }),
      store.write('startRun', { fence, runId: 'late', now: 5 }),
      store.write('releaseParked', { fence }),
      store.write('takeWakes', { fence, entity: 'conversations', ids: ['1'], until: 5, now: 5 }),
      store.write('noteProgress', { fence, runId: 'late', requests: 1, progress: '{}' }),
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
    const note = (progress: string) =>
      store.write('noteProgress', { fence, runId: 'two', requests: 2, progress });
    await note('{"phase":"syncing"}');
    expect(await store.read('findRun', { workspaceId })).toMatchObject({
      status: 'running',
      requests: 2,
      progress: '{"phase":"syncing"}',
    });
    await store.write('finishRun', {
      workspaceId,
      runId: 'two',
      scope: { only: null, full: false },
      now: 3,
      status: 'complete',
      requests: 4,
      result: '{}',
      answers: true,
    });
    expect(await store.read('findRun', { workspaceId })).toMatchObject({
      runId: 'two',
      status: 'complete',
      requests: 4,
    });
    // What comes late says nothing of a run that is over.
    await note('{"phase":"late"}');
    expect(await store.read('findRun', { workspaceId })).toMatchObject({ requests: 4 });
  });

  it('answers everybody who asked for what a run did, and nobody else', async () => {
    const fence = await beginSync(store);
    const asked = {
      everything: { only: null, full: false },
      tags: { only: ['tags'], full: false },
      again: { only: null, full: true },
    };
    for (const [requestId, scope] of Object.entries(asked)) {
      await store.write('requestSync', { workspaceId, requestId, scope, now: 1_000 });
    }
    const answers = async (): Promise<(string | null)[]> =>
      Promise.all(
        Object.keys(asked).map((requestId) => store.read('readRequestResult', { workspaceId, requestId })),
      );
    const run = async (runId: string, scope: { only: string[] | null; full: boolean }, stopped = false) => {
      await store.write('startRun', { fence, runId, now: 2_000 });
      await store.write('finishRun', {
        workspaceId,
        runId,
        scope,
        now: 3_000,
        status: 'complete',
        requests: 1,
        result: `"${runId}"`,
        answers: !stopped,
      });
    };
    await run('stopped', { only: null, full: true }, true);
    expect(await answers()).toEqual([null, null, null]);
    await run('some', { only: ['tags', 'teams'], full: false });
    expect(await answers()).toEqual([null, '"some"', null]);
    await run('all', { only: null, full: false });
    expect(await answers()).toEqual(['"all"', '"some"', null]);
    expect(await store.read('listRequests', { workspaceId })).toEqual([{ only: null, full: true }]);
    await store.write('withdrawRequest', { workspaceId, requestId: 'again' });
    expect(await store.read('listRequests', { workspaceId })).toEqual([]);
  });

  it('answers with a run that has ended since, did what is asked for, and was not stopped', async () => {
    const all = { only: null, full: false };
    const tags = { only: ['tags'], full: false };
    const find = async (scope: RunScope, askedMsAgo = LONG, id = workspaceId) =>
      store.read('findAnswer', { workspaceId: id, scope, askedMsAgo });
    const fence = await beginSync(store);
    let now = 2_000;
    const run = async (runId: string, scope: RunScope, answers = true) => {
      await store.write('startRun', { fence, runId, now: (now += 1) });
      const end = { now, status: 'complete', requests: 1, result: `"${runId}"`, answers };
      await store.write('finishRun', { workspaceId, runId, scope, ...end });
    };
    await store.write('startRun', { fence, runId: 'cut off', now: 1_000 });
    await run('stopped', { only: null, full: true, verify: true }, false);
    expect(await find(tags)).toBeNull();
    await run('some', { only: ['tags', 'teams'], full: false });
    expect(await find(all)).toBeNull();
    expect(await find(tags)).toMatchObject({ result: '"some"' });
    await run('all', all);
    await run('verified', { only: ['tags'], full: false, verify: true });
    expect(await find(all)).toMatchObject({ result: '"all"' });
    expect(await find(tags)).toMatchObject({ result: '"verified"' });
    expect(await find({ ...tags, verify: true })).toMatchObject({ result: '"verified"' });
    expect(await find({ ...all, full: true })).toBeNull();
    expect(await find(all, LONG, 'other')).toBeNull();
    const { endedMsAgo = Number.NaN } = (await find(all)) ?? {};
    expect(endedMsAgo).toBeGreaterThanOrEqual(0);
    expect(endedMsAgo).toBeLessThan(LONG);
    // Who asks now is not answered by what ended before.
    expect(await find(all, 0)).toBeNull();
    for (const [requestId, askedMsAgo, result] of [
      ['early', LONG, '"all"'],
      ['late', 0, null],
    ] as const) {
      await store.write('requestSync', { workspaceId, requestId, scope: all, now: 4_000, askedMsAgo });
      expect(await store.read('readRequestResult', { workspaceId, requestId })).toBe(result);
    }
    expect(await store.read('listRequests', { workspaceId })).toEqual([all]);
  });
});

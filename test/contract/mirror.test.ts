import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { beginSync, conversationJson, incoming, incomingOf, mirror, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

describeEngines('the mirror', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  const workspaceId = WORKSPACE.id;
  const step = { scanId: 'scan', windowNo: 0, nextCursor: 'next' };

  beforeEach(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
  });
  afterEach(() => place.drop());

  const exported = async () => store.read('exportPage', { workspaceId, limit: 1_000, deleted: true });
  const queued = async () =>
    store.read('listQueue', { workspaceId, limit: 100, now: 10_000_000_000_000, maxAttempts: 99 });

  it('keeps payloads character for character', async () => {
    const payload = conversationJson({ id: '7', parts: [] }).replace(
      '"title":null',
      '"title":"\\u0041\\ud83d\\ude00\\ud800 \\u0000","big":12345678901234567890,"precise":1.10, "spaced" : true',
    );
    await store.write('applyConversationPage', {
      fence,
      step,
      conversations: [incoming(payload)],
      fetchedAt: 5,
    });
    await store.write('applyThreads', {
      fence,
      threads: [incoming(payload)],
      failures: [],
      fetchedAt: 5,
      staleNotBefore: 0,
    });
    expect((await exported()).map((row) => row.payload)).toEqual([payload]);
    const thread = await store.read('getConversation', {
      workspaceId,
      id: '7',
      includeEvents: true,
      afterPosition: -1,
      limit: 9,
    });
    expect(thread?.conversation.title).toBe('A😀\ufffd ');
  });

  it('queues what is new or changed, and leaves out what is current', async () => {
    await mirror(store, fence, [{ id: '1' }, { id: '2' }]);
    expect(await queued()).toEqual([]);
    const again = [
      incomingOf({ id: '1' }),
      incomingOf({ id: '2', updated_at: 1_700_000_900 }),
      incomingOf({ id: '3' }),
    ];
    const outcome = await store.write('applyConversationPage', {
      fence,
      step,
      conversations: again,
      fetchedAt: 6,
    });
    expect(outcome.queued).toBe(2);
    expect((await queued()).map((row) => row.id).sort()).toEqual(['2', '3']);
  });

  it('keeps the whole thread of a changed conversation until the newer one is there', async () => {
    await mirror(store, fence, [{ id: '1', parts: [{ id: 1, body: '<p>an answer</p>' }] }]);
    const listed = incomingOf({ id: '1', updated_at: 1_700_000_900 });
    await store.write('applyConversationPage', { fence, step, conversations: [listed], fetchedAt: 6 });
    const thread = await store.read('getConversation', {
      workspaceId,
      id: '1',
      includeEvents: true,
      afterPosition: -1,
      limit: 9,
    });
    expect(thread?.parts.map((part) => part.text)).toEqual(['opening of 1', 'an answer']);
  });

  it('does not let a lagging replica overwrite a newer thread', async () => {
    await mirror(store, fence, [{ id: '1', updated_at: 1_700_000_900, parts: [{ id: 1, body: 'new' }] }]);
    const old = incomingOf({ id: '1', updated_at: 1_700_000_800, parts: [{ id: 1, body: 'old' }] });
    const outcome = await store.write('applyThreads', {
      fence,
      threads: [old],
      failures: [],
      fetchedAt: 8,
      staleNotBefore: 0,
    });
    expect(outcome).toMatchObject({ stored: 0, stale: ['1'] });
    expect((await exported())[0]?.payload).toContain('"new"');
  });

  it('writes the page and its cursor together, or neither', async () => {
    const bad = {
      ...incomingOf({ id: '2' }),
      columns: { ...incomingOf({ id: '2' }).columns, created_at: null as never },
    };
    const write = store.write('applyConversationPage', {
      fence,
      step,
      conversations: [incomingOf({ id: '1' }), bad],
      fetchedAt: 6,
    });
    await expect(write).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await exported()).toEqual([]);
    const plan = await store.read('readSyncPlan', { workspaceId, entity: 'conversations' });
    expect(plan.scan?.windows[0]).toMatchObject({ nextCursor: null, done: false });
  });

  it('moves a window on with its page and ends it with the last one', async () => {
    await store.write('applyConversationPage', { fence, step, conversations: [], fetchedAt: 6 });
    expect(
      (await store.read('readSyncPlan', { workspaceId, entity: 'conversations' })).scan?.windows[0],
    ).toMatchObject({ nextCursor: 'next', done: false });
    await store.write('applyConversationPage', {
      fence,
      step: { ...step, nextCursor: null },
      conversations: [],
      fetchedAt: 6,
    });
    expect(
      (await store.read('readSyncPlan', { workspaceId, entity: 'conversations' })).scan?.windows[0],
    ).toMatchObject({ done: true });
    await store.write('finishScan', { fence, entity: 'conversations', watermark: 42, completedAt: 43 });
    expect(await store.read('readSyncPlan', { workspaceId, entity: 'conversations' })).toEqual({
      watermark: 42,
      scan: null,
    });
  });

  it('marks a conversation as deleted only when it was missing twice', async () => {
    await mirror(store, fence, [{ id: '1' }]);
    await store.write('applyConversationPage', {
      fence,
      step,
      conversations: [incomingOf({ id: '1', updated_at: 1_700_000_900 })],
      fetchedAt: 6,
    });
    const miss = () =>
      store.write('applyThreads', {
        fence,
        threads: [],
        failures: [{ id: '1', code: 'INTERCOM_NOT_FOUND', notBefore: 0 }],
        fetchedAt: 9,
        staleNotBefore: 0,
      });
    expect((await miss()).deleted).toEqual([]);
    expect((await exported())[0]?.deletedAt).toBeNull();
    expect((await miss()).deleted).toEqual(['1']);
    expect((await exported())[0]?.deletedAt).toBe(9);
    expect(await store.read('exportPage', { workspaceId, limit: 9, deleted: false })).toEqual([]);
    expect(await queued()).toEqual([]);
  });

  it('remembers failures, tries them later and again in the next run', async () => {
    await store.write('applyConversationPage', {
      fence,
      step,
      conversations: [incomingOf({ id: '1' })],
      fetchedAt: 6,
    });
    await store.write('applyThreads', {
      fence,
      threads: [],
      failures: [{ id: '1', code: 'INTERCOM_SERVER_ERROR', notBefore: 5_000 }],
      fetchedAt: 9,
      staleNotBefore: 0,
    });
    const at = (now: number, maxAttempts: number) =>
      store.read('listQueue', { workspaceId, limit: 9, now, maxAttempts });
    expect(await at(4_999, 9)).toEqual([]);
    expect(await at(5_000, 1)).toEqual([]);
    expect(await at(5_000, 2)).toMatchObject([{ id: '1', attempts: 1, errorCode: 'INTERCOM_SERVER_ERROR' }]);
    expect(await store.read('readQueueState', { workspaceId, maxAttempts: 1 })).toMatchObject({
      waiting: 0,
      failed: [{ id: '1' }],
    });
    await store.write('unparkQueue', { fence });
    expect(await at(0, 1)).toHaveLength(1);
  });

  it('gives pages of the export in the order of created_at and id', async () => {
    await mirror(store, fence, [
      { id: '9', created_at: 100 },
      { id: '10', created_at: 100 },
      { id: '2', created_at: 50 },
      { id: 'a', created_at: 100 },
    ]);
    const order: string[] = [];
    let after: { createdAt: number; id: string } | undefined;
    for (;;) {
      const [row] = await store.read('exportPage', {
        workspaceId,
        limit: 1,
        deleted: false,
        ...(after ? { after } : {}),
      });
      if (row === undefined) break;
      order.push(row.id);
      after = row;
    }
    expect(order).toEqual(['2', '10', '9', 'a']);
  });

  it('keeps workspaces apart that use the same ids', async () => {
    await mirror(store, fence, [{ id: '1', opening: 'first workspace' }]);
    const other = { ...WORKSPACE, id: 'ws-two' };
    const otherFence = await beginSync(store, other, 'second');
    await mirror(store, otherFence, [{ id: '1', opening: 'second workspace' }]);
    const text = async (workspace: string) =>
      (
        await store.read('getConversation', {
          workspaceId: workspace,
          id: '1',
          includeEvents: false,
          afterPosition: -1,
          limit: 1,
        })
      )?.parts[0]?.text;
    expect([await text('ws-one'), await text('ws-two')]).toEqual(['first workspace', 'second workspace']);
  });

  it('keeps removed admins, marked, and takes them back when they return', async () => {
    const row = (id: string) => ({
      columns: { id, name: `Admin ${id}`, email: `${id}@example.com` },
      payload: '{}',
    });
    await store.write('replaceSmallTable', {
      fence,
      entity: 'admins',
      rows: [row('1'), row('2')],
      fetchedAt: 5,
    });
    await store.write('replaceSmallTable', { fence, entity: 'admins', rows: [row('2')], fetchedAt: 6 });
    const stored = async () =>
      (await store.read('readStatus', { workspaceId })).entities.find((entity) => entity.entity === 'admins')
        ?.stored;
    expect(await stored()).toBe(1);
    await store.write('replaceSmallTable', {
      fence,
      entity: 'admins',
      rows: [row('1'), row('2')],
      fetchedAt: 7,
    });
    expect(await stored()).toBe(2);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import {
  beginSync,
  conversationJson,
  hydrate,
  incoming,
  incomingOf,
  list,
  mirror,
  threadOf,
  WORKSPACE,
} from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

describeEngines('the mirror', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  const workspaceId = WORKSPACE.id;
  beforeEach(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
  });
  afterEach(() => place.drop());

  const exported = async () => store.read('exportPage', { workspaceId, limit: 1_000, deleted: true });
  const plan = async () =>
    store.read('readSyncPlan', { workspaceId, entity: 'conversations', kind: 'backfill' });

  it('keeps payloads character for character', async () => {
    const payload = conversationJson({ id: '7', parts: [] }).replace(
      '"title":null',
      '"title":"\\u0041\\ud83d\\ude00\\ud800 \\u0000","big":12345678901234567890,"precise":1.10, "spaced" : true',
    );
    await list(store, fence, [incoming(payload)]);
    await hydrate(store, fence, [{ ...incoming(payload), fetchedAt: 5, retryAt: 0 }]);
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

  it('writes the page and its cursor together, or neither', async () => {
    const bad = {
      ...incomingOf({ id: '2' }),
      columns: { ...incomingOf({ id: '2' }).columns, created_at: null as never },
    };
    await expect(list(store, fence, [incomingOf({ id: '1' }), bad])).rejects.toMatchObject({
      code: 'STORE_FAILED',
    });
    expect(await exported()).toEqual([]);
    expect((await plan()).scan?.windows[0]).toMatchObject({ nextCursor: null, done: false });
  });

  it('moves a window on with its page, and ends the scan when all of it was listed', async () => {
    const finish = () =>
      store.write('finishScan', {
        fence,
        entity: 'conversations',
        kind: 'backfill',
        watermark: 1_700_000_500,
        completedAt: 43,
      });
    await list(store, fence, []);
    expect((await plan()).scan?.windows[0]).toMatchObject({ nextCursor: 'next', done: false });
    await expect(finish()).rejects.toMatchObject({ code: 'INTERNAL' });
    await store.write('restartWindow', { fence, scanId: 'scan', windowNo: 0 });
    expect((await plan()).scan?.windows[0]).toMatchObject({ nextCursor: null, done: false });
    await list(store, fence, [], { step: { scanId: 'scan', windowNo: 0, nextCursor: null } });
    expect((await plan()).scan?.windows[0]).toMatchObject({ done: true });
    await finish();
    expect(await plan()).toEqual({
      watermark: 1_700_000_500,
      backfilled: true,
      completedAt: 43,
      fullAt: 43,
      errorCode: null,
      scan: null,
    });
  });

  it('polls from the start of a backfill on, beside it, and never moves a watermark back', async () => {
    const poll = { workspaceId, entity: 'conversations', kind: 'poll' as const };
    expect(await store.read('readSyncPlan', poll)).toMatchObject({
      watermark: 1_700_000_500,
      backfilled: false,
      scan: null,
    });
    await store.write('startScan', {
      fence,
      entity: 'conversations',
      kind: 'poll',
      scanId: 'poll',
      field: 'updated_at',
      startedAt: 1_700_000_900,
      since: 1_700_000_500,
      windows: [{ lower: 1_699_999_900, upper: 1_700_000_900 }],
    });
    expect((await plan()).scan?.scanId).toBe('scan');
    await list(store, fence, [], { step: { scanId: 'poll', windowNo: 0, nextCursor: null } });
    const scan = { fence, entity: 'conversations', completedAt: 1 };
    await store.write('finishScan', { ...scan, kind: 'poll', watermark: 1_700_000_900 });
    await list(store, fence, [], { step: { scanId: 'scan', windowNo: 0, nextCursor: null } });
    await store.write('finishScan', { ...scan, kind: 'backfill', watermark: 1_700_000_500 });
    expect(await plan()).toMatchObject({ watermark: 1_700_000_900, backfilled: true, scan: null });
  });

  it('counts what it holds along with every write', async () => {
    const counts = async () => {
      const status = await store.read('readStatus', { workspaceId });
      return [status.conversations.known, status.conversations.hydrated];
    };
    await list(store, fence, [incomingOf({ id: '1' }), incomingOf({ id: '2' }), incomingOf({ id: '3' })]);
    expect(await counts()).toEqual([3, 0]);
    await hydrate(store, fence, [threadOf({ id: '1' }), threadOf({ id: '2' })]);
    await hydrate(store, fence, [threadOf({ id: '1' })]);
    expect(await counts()).toEqual([3, 2]);
    await store.write('applyDeletions', {
      fence,
      deleted: [
        { id: '1', deletedAt: 5 },
        { id: '9', deletedAt: 5 },
      ],
    });
    await store.write('applyDeletions', { fence, deleted: [{ id: '1', deletedAt: 6 }] });
    expect(await counts()).toEqual([2, 1]);
    expect((await exported()).map((row) => [row.id, row.deletedAt])).toEqual([
      ['1', 5],
      ['2', null],
      ['3', null],
    ]);
    await hydrate(store, fence, [threadOf({ id: '1' })]);
    expect(await counts()).toEqual([3, 2]);
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

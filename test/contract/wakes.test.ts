import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import { PRIORITY } from '../../src/data/fetch-priority.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { beginSync, hydrate, incomingOf, list, threadOf, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const DAY_MS = 86_400_000;
const ENTITY = 'conversations';

describeEngines('what webhooks announce', (create) => {
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

  const put = (now: number, ...ids: string[]) =>
    store.write('putWakes', { workspaceId, now, wakes: ids.map((id) => ({ entity: ENTITY, id })) });
  const waiting = (entity = ENTITY) => store.read('listWakes', { workspaceId, entity, limit: 10 });
  const take = (ids: readonly string[], until: number) =>
    store.write('takeWakes', { fence, entity: ENTITY, ids, until, now: 5_000_000 });
  const queue = () => store.read('listQueue', { workspaceId, entity: ENTITY, limit: 10, now: 6_000_000 });

  it('waits once an object, the oldest first, apart from other entities and workspaces', async () => {
    await put(200, 'b', 'a');
    await put(100, 'c');
    await put(300, 'b');
    await store.write('putWakes', { workspaceId, now: 1, wakes: [{ entity: 'contacts', id: 'a' }] });
    await store.write('putWakes', { workspaceId: 'other', now: 1, wakes: [{ entity: ENTITY, id: 'z' }] });
    expect(await waiting()).toEqual([
      { id: 'c', receivedAt: 100 },
      { id: 'a', receivedAt: 200 },
      { id: 'b', receivedAt: 300 },
    ]);
    expect(await waiting('contacts')).toEqual([{ id: 'a', receivedAt: 1 }]);
  });

  it('goes to the front of the queue, before a backfill', async () => {
    await list(store, fence, [incomingOf({ id: 'old' }), incomingOf({ id: 'older' })]);
    await put(100, 'news');
    expect(await take(['news'], 100)).toEqual(['news']);
    expect(await waiting()).toEqual([]);
    expect((await queue()).map(({ id, priority }) => [id, priority])).toEqual([
      ['news', PRIORITY.live],
      ['old', PRIORITY.backfill],
      ['older', PRIORITY.backfill],
    ]);
  });

  it('raises what waits in the queue already, also after failures', async () => {
    await list(store, fence, [incomingOf({ id: 'bad' }), incomingOf({ id: 'other' })]);
    const failure = { id: 'bad', code: 'INTERCOM_SERVER_ERROR', at: 1, notBefore: 9_000_000 };
    await hydrate(store, fence, [], { failures: [failure] });
    expect((await queue()).map(({ id }) => id)).toEqual(['other']);
    await put(100, 'bad');
    await take(['bad'], 100);
    expect(await queue()).toMatchObject([
      { id: 'bad', attempts: 1, priority: PRIORITY.live },
      { id: 'other', attempts: 0 },
    ]);
  });

  it('asks nothing of the answer: an unchanged thread takes it off the queue', async () => {
    await list(store, fence, [incomingOf({ id: '1' })]);
    await hydrate(store, fence, [threadOf({ id: '1' })]);
    await put(100, '1');
    await take(['1'], 100);
    expect(await hydrate(store, fence, [threadOf({ id: '1' })])).toMatchObject({ stored: 1, unfinished: [] });
    expect(await queue()).toEqual([]);
  });

  it('stays when it was not taken, or was announced again meanwhile', async () => {
    await put(100, 'a', 'b');
    await put(150, 'a');
    expect(await take(['a', 'b'], 100)).toEqual(['b']);
    expect(await waiting()).toEqual([{ id: 'a', receivedAt: 150 }]);
    expect(await take([], 1_000)).toEqual([]);
  });

  it('holds back what the mirror promises until it is fetched', async () => {
    await put(100, 'news');
    await take(['news'], 100);
    const state = await store.read('readQueueState', { workspaceId, entity: ENTITY, parkedFrom: 2 });
    expect(state).toMatchObject({ waiting: 1, since: 1_700_000_500 });
  });

  it('is told by entity: what was announced, or is due at the front of the queue', async () => {
    const woken = (now: number) =>
      store.read('listWokenEntities', { workspaceId, entities: ['contacts', 'tickets', ENTITY], now });
    await list(store, fence, [incomingOf({ id: 'old' })]);
    await store.write('putWakes', { workspaceId, now: 1, wakes: [{ entity: 'tickets', id: 'a' }] });
    await store.write('putWakes', { workspaceId, now: 1, wakes: [{ entity: 'articles', id: 'a' }] });
    await store.write('putWakes', { workspaceId: 'other', now: 1, wakes: [{ entity: 'contacts', id: 'a' }] });
    expect(await woken(1)).toEqual(['tickets']);
    await put(100, 'bad');
    await take(['bad'], 100);
    expect(await woken(1)).toEqual(['tickets', ENTITY]);
    const failure = { id: 'bad', code: 'INTERCOM_SERVER_ERROR', at: 1, notBefore: 9_000_000 };
    await hydrate(store, fence, [], { failures: [failure] });
    expect(await woken(8_999_999)).toEqual(['tickets']);
    expect(await woken(9_000_000)).toEqual(['tickets', ENTITY]);
  });

  it('is forgotten after a day', async () => {
    await put(100, 'a');
    await put(DAY_MS, 'b');
    expect((await waiting()).length).toBe(2);
    await put(DAY_MS + 101, 'c');
    expect((await waiting()).map(({ id }) => id)).toEqual(['b', 'c']);
  });

  it('is taken by the holder of the lease only', async () => {
    await put(100, 'a');
    const stale = { ...fence, epoch: fence.epoch - 1 };
    await expect(
      store.write('takeWakes', { fence: stale, entity: ENTITY, ids: ['a'], until: 100, now: 1 }),
    ).rejects.toMatchObject({ code: 'SYNC_LEASE_LOST' });
    expect(await waiting()).toHaveLength(1);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { PRIORITY } from '../../src/data/fetch-priority.ts';
import type { Fence } from '../../src/data/writes/fence.ts';
import { analyseQueryRun } from '../../src/lib/text/analyse.ts';
import { exportLine } from '../../src/query/export-json.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import {
  beginSync,
  type ConversationSpec,
  hydrate,
  incomingOf,
  list,
  mirror,
  threadOf,
  WORKSPACE,
} from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { where } from '../support/search-where.ts';

const CREATED = 1_700_000_000;
const UPDATED = 1_700_000_900;

/** Parts p<from> to p<to>, of which the object says there are `total`. */
const thread = (from: number, to: number, total: number, updatedAt: number): ConversationSpec => {
  const ids = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return {
    id: '1',
    updated_at: updatedAt,
    fields: {
      conversation_parts: {
        total_count: total,
        conversation_parts: ids.map((id) => ({
          id: `p${id}`,
          part_type: 'comment',
          body: `<p>message number${id}</p>`,
          created_at: CREATED + id,
          author: { type: 'admin', id: 'admin-1' },
        })),
      },
    },
  };
};

describeEngines('listings and threads', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  const workspaceId = WORKSPACE.id;
  const entity = 'conversations';

  beforeEach(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
  });
  afterEach(() => place.drop());

  const queued = async (now = 10_000_000_000_000) =>
    store.read('listQueue', { workspaceId, entity, limit: 100, now });
  const exported = async () => {
    const rows = await store.read('exportPage', { workspaceId, limit: 1_000, deleted: true });
    return rows.map((row) => JSON.parse(exportLine(row, workspaceId)) as Record<string, unknown>);
  };
  const texts = async (id = '1') => {
    const found = await store.read('getConversation', {
      workspaceId,
      id,
      includeEvents: true,
      afterPosition: -1,
      limit: 1_000,
    });
    return found?.parts.map((part) => part.text);
  };
  const search = async (word: string) =>
    (
      await store.read('searchConversations', {
        workspaceId,
        loose: [analyseQueryRun(word)],
        where: where(),
        order: 'newest',
        limit: 9,
      })
    ).rows.map((row) => row.id);

  it('queues what is new or changed, and leaves out what is current', async () => {
    await mirror(store, fence, [{ id: '1' }, { id: '2' }]);
    expect(await queued()).toEqual([]);
    const outcome = await list(store, fence, [
      incomingOf({ id: '1' }),
      incomingOf({ id: '2', updated_at: UPDATED }),
      incomingOf({ id: '3' }),
    ]);
    expect(outcome).toMatchObject({ changed: 2, queued: 2 });
    expect((await queued()).map((row) => row.id).sort()).toEqual(['2', '3']);
  });

  it('takes the fields of a newer listing at once, and keeps the thread until the newer one is there', async () => {
    const spec = { id: '1', parts: [{ id: 1, body: '<p>an answer</p>' }] };
    await mirror(store, fence, [spec]);
    await list(store, fence, [incomingOf({ id: '1', updated_at: UPDATED, fields: { state: 'closed' } })]);
    expect(await texts()).toEqual(['opening of 1', 'an answer']);
    const [row] = await exported();
    expect(row).toMatchObject({ state: 'closed', parts: [{ type: 'source' }, { body: '<p>an answer</p>' }] });
    const closed = await store.read('searchConversations', {
      workspaceId,
      where: where({ state: 'closed' }),
      order: 'newest',
      limit: 9,
    });
    expect(closed.rows.map(({ id }) => id)).toEqual(['1']);
  });

  it('takes a change of fields that came without a newer time, and fetches no thread for it', async () => {
    await mirror(store, fence, [{ id: '1' }]);
    const rated = incomingOf({ id: '1', fields: { conversation_rating: { rating: 5 } } });
    expect(await list(store, fence, [rated])).toMatchObject({ changed: 1, queued: 0 });
    expect((await exported())[0]).toMatchObject({ conversation_rating: { rating: 5 } });
    expect(await list(store, fence, [rated])).toMatchObject({ changed: 0, queued: 0 });
  });

  it('fetches a thread again when its answer is of the second of the change, or parts came without a newer time', async () => {
    const listed = (parts: number) =>
      incomingOf({
        id: '1',
        updated_at: UPDATED,
        fields: { statistics: { count_conversation_parts: parts } },
      });
    const answer = { id: '1', updated_at: UPDATED, fields: { statistics: { count_conversation_parts: 1 } } };
    await list(store, fence, [listed(1)]);
    await hydrate(store, fence, [threadOf(answer, UPDATED)]);
    expect((await list(store, fence, [listed(1)])).queued).toBe(1);
    await hydrate(store, fence, [threadOf(answer, UPDATED + 1)]);
    expect((await list(store, fence, [listed(1)])).queued).toBe(0);
    expect((await list(store, fence, [listed(2)])).queued).toBe(1);
  });

  it('lets no replica that lags overwrite what is newer, in listings and in threads', async () => {
    await mirror(store, fence, [{ id: '1', updated_at: UPDATED, parts: [{ id: 1, body: 'new' }] }]);
    const old = { id: '1', updated_at: UPDATED - 100, fields: { state: 'closed' } };
    expect(await list(store, fence, [incomingOf(old)])).toMatchObject({ changed: 0, queued: 0 });
    const stale = threadOf({ ...old, parts: [{ id: 1, body: 'old' }] });
    expect(await hydrate(store, fence, [stale])).toMatchObject({ stored: 0, unfinished: ['1'] });
    expect((await exported())[0]).toMatchObject({ state: 'open', parts: [{}, { body: 'new' }] });
  });

  it('accepts no thread that is older than the listing that wants it', async () => {
    await list(store, fence, [incomingOf({ id: '1', updated_at: UPDATED })]);
    const answer = { ...threadOf({ id: '1', updated_at: UPDATED - 1 }), retryAt: 7_000 };
    expect(await hydrate(store, fence, [answer])).toMatchObject({ stored: 0, unfinished: ['1'] });
    expect(await queued(6_999)).toEqual([]);
    expect(await queued(7_000)).toMatchObject([{ id: '1', attempts: 1 }]);
    expect(await hydrate(store, fence, [threadOf({ id: '1', updated_at: UPDATED })])).toMatchObject({
      stored: 1,
    });
    expect(await queued()).toEqual([]);
  });

  it("keeps parts beyond Intercom's 500, in order, and marks the thread", async () => {
    await list(store, fence, [incomingOf({ id: '1', updated_at: CREATED + 490 })]);
    await hydrate(store, fence, [
      { ...incomingOf(thread(1, 490, 490, CREATED + 490)), fetchedAt: CREATED + 5_000, retryAt: 0 },
    ]);
    expect((await exported())[0]).toMatchObject({ _mirror: { parts_truncated: false } });
    for (const [from, to] of [
      [291, 790],
      [301, 800],
    ] as const) {
      const spec = thread(from, to, to, CREATED + to);
      await hydrate(store, fence, [{ ...incomingOf(spec), fetchedAt: CREATED + 5_000, retryAt: 0 }]);
      expect(await texts()).toEqual([
        'opening of 1',
        ...Array.from({ length: to }, (_, index) => `message number${index + 1}`),
      ]);
      const row = (await exported())[0] as { parts: { id: string }[]; _mirror: unknown };
      expect(row.parts.slice(1).map((part) => part.id)).toEqual(
        Array.from({ length: to }, (_, index) => `p${index + 1}`),
      );
      expect(row._mirror).toMatchObject({ parts_truncated: true });
    }
    expect(await search('number2')).toEqual(['1']);
    expect(await search('number800')).toEqual(['1']);
    expect(await queued()).toEqual([]);
  });

  it('stores a thread that lacks parts, and asks for it again', async () => {
    await list(store, fence, [incomingOf({ id: '1' })]);
    const short = { ...incomingOf(thread(2, 2, 2, CREATED)), fetchedAt: CREATED + 5, retryAt: 0 };
    expect(await hydrate(store, fence, [short])).toMatchObject({ stored: 1, unfinished: ['1'] });
    expect(await texts()).toEqual(['opening of 1', 'message number2']);
    const state = await store.read('readQueueState', { workspaceId, entity, parkedFrom: 1 });
    expect(state).toMatchObject({
      waiting: 1,
      parked: [{ id: '1', code: 'SYNC_PARTS_MISSING', attempts: 1 }],
    });
    const whole = { ...incomingOf(thread(1, 2, 2, CREATED)), fetchedAt: CREATED + 5, retryAt: 0 };
    expect(await hydrate(store, fence, [whole])).toMatchObject({ stored: 1, unfinished: [] });
    expect(await texts()).toEqual(['opening of 1', 'message number1', 'message number2']);
    expect((await exported())[0]).toMatchObject({ _mirror: { parts_truncated: false } });
  });

  it('takes a conversation for deleted when it was missing twice, a while apart', async () => {
    await mirror(store, fence, [{ id: '1' }]);
    await list(store, fence, [incomingOf({ id: '1', updated_at: UPDATED })]);
    const miss = async (at: number, code = 'INTERCOM_NOT_FOUND') =>
      (
        await hydrate(store, fence, [], {
          failures: [{ id: '1', code, at, notBefore: 0 }],
          confirmAfterMs: 100,
        })
      ).deleted;
    expect(await miss(1_000)).toEqual([]);
    expect(await miss(1_099)).toEqual([]);
    expect(await miss(1_100, 'INTERCOM_SERVER_ERROR')).toEqual([]);
    expect(await search('opening')).toEqual(['1']);
    expect(await miss(1_100)).toEqual(['1']);
    expect(await exported()).toMatchObject([{ _mirror: { deleted_at: '1970-01-01T00:00:09Z' } }]);
    expect(await store.read('exportPage', { workspaceId, limit: 9, deleted: false })).toEqual([]);
    expect(await queued()).toEqual([]);
    expect(await search('opening')).toEqual([]);
  });

  it('asks again for a deleted conversation only when it is listed long after', async () => {
    await mirror(store, fence, [{ id: '1' }]);
    await store.write('applyDeletions', { fence, deleted: [{ id: '1', deletedAt: CREATED }] });
    const listed = [incomingOf({ id: '1', updated_at: UPDATED })];
    expect(await list(store, fence, listed, { fetchedAt: CREATED + 600 })).toMatchObject({
      changed: 0,
      queued: 0,
    });
    expect(await list(store, fence, listed, { fetchedAt: CREATED + 601 })).toMatchObject({
      changed: 0,
      queued: 1,
    });
    await hydrate(store, fence, [threadOf({ id: '1', updated_at: UPDATED })]);
    expect(await search('opening')).toEqual(['1']);
  });

  it('fetches live changes first, then repairs, then the backfill, each the newest first', async () => {
    const item = (id: string, created_at: number) => incomingOf({ id, created_at });
    await list(store, fence, [item('1', 10), item('2', 20)]);
    await list(store, fence, [item('3', 30)], { priority: PRIORITY.repair });
    await list(store, fence, [item('4', 1), item('5', 2)], { priority: PRIORITY.live });
    // A backfill that meets it again does not put it back.
    await list(store, fence, [item('4', 1)]);
    expect((await queued()).map((row) => row.id)).toEqual(['5', '4', '3', '2', '1']);
  });

  it('knows up to when everything is in, whatever waits', async () => {
    const since = async () =>
      (await store.read('readQueueState', { workspaceId, entity, parkedFrom: 2 })).since;
    expect(await since()).toBeNull();
    await list(store, fence, [incomingOf({ id: '1' })], { since: 500 });
    await list(store, fence, [incomingOf({ id: '1' }), incomingOf({ id: '2' })], { since: 700 });
    expect(await since()).toBe(500);
    await hydrate(store, fence, [threadOf({ id: '1' })]);
    expect(await since()).toBe(700);
    // One that fails again and again is named instead and holds nothing back.
    const failures = [{ id: '2', code: 'INTERCOM_SERVER_ERROR', at: 1, notBefore: 9 }];
    await hydrate(store, fence, [], { failures });
    await hydrate(store, fence, [], { failures });
    expect(await since()).toBeNull();
  });

  it('remembers failures, tries them later, and at once when told to', async () => {
    await list(store, fence, [incomingOf({ id: '1' })]);
    const failures = [{ id: '1', code: 'INTERCOM_SERVER_ERROR', at: 1, notBefore: 5_000 }];
    await hydrate(store, fence, [], { failures });
    expect(await queued(4_999)).toEqual([]);
    const next = { workspaceId, entity, horizon: 5_000 };
    expect(await store.read('nextQueueTime', next)).toBe(5_000);
    expect(await store.read('nextQueueTime', { ...next, horizon: 4_999 })).toBeNull();
    await store.write('releaseParked', { fence });
    expect(await queued(0)).toMatchObject([{ id: '1', attempts: 1 }]);
    // Something newer that is wanted is another matter.
    await list(store, fence, [incomingOf({ id: '1', updated_at: UPDATED })]);
    expect(await queued(0)).toMatchObject([{ id: '1', attempts: 0 }]);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { toIncomingTicket } from '../../src/sync/ticket-source.ts';
import { beginSync, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const workspaceId = WORKSPACE.id;

describeEngines('tickets and articles that were asked for one by one', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  beforeEach(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
  });
  afterEach(() => place.drop());

  const announce = async (entity: string, ...ids: string[]): Promise<void> => {
    await store.write('putWakes', { workspaceId, now: 1, wakes: ids.map((id) => ({ entity, id })) });
    await store.write('takeWakes', { fence, entity, ids, until: 1, now: 1 });
  };
  const queued = async (entity: string): Promise<readonly string[]> =>
    (await store.read('listQueue', { workspaceId, entity, limit: 9, now: 9e12 })).map(({ id }) => id);
  const stored = async (entity: string): Promise<number | undefined> =>
    (await store.read('readStatus', { workspaceId })).entities.find((row) => row.entity === entity)?.stored;
  /** Ids, titles where there are some, and when they were deleted. */
  const rows = async (entity: 'articles' | 'tickets') =>
    (await store.read('exportObjects', { workspaceId, entity, limit: 9, deleted: true })).map((row) => [
      row.key,
      (JSON.parse(row.payload) as { title?: string }).title,
      row.deletedAt,
    ]);
  const failed = (id: string, at: number) => ({ id, code: 'INTERCOM_NOT_FOUND', at, notBefore: at });

  const ticket = (id: string, updatedAt: number, title: string) => {
    const payload = JSON.stringify({ type: 'ticket', id, created_at: 5, updated_at: updatedAt, title });
    const found = toIncomingTicket(payload, JSON.parse(payload));
    if (found === undefined) throw new Error('no ticket');
    return found;
  };
  const applyTickets = (
    tickets: readonly ReturnType<typeof ticket>[],
    failures: readonly ReturnType<typeof failed>[] = [],
    fetchedAt = 20,
  ) => store.write('applyTicketObjects', { fence, tickets, failures, confirmAfterMs: 10, fetchedAt });

  it('stores a ticket, but none that is older than what is stored, and takes it off the queue', async () => {
    await announce('tickets', '1', '2');
    await applyTickets([ticket('1', 10, 'new')]);
    expect(await rows('tickets')).toEqual([['1', 'new', null]]);
    expect(await queued('tickets')).toEqual(['2']);
    await applyTickets([ticket('1', 9, 'old'), ticket('2', 9, 'other')]);
    expect(await rows('tickets')).toEqual([
      ['1', 'new', null],
      ['2', 'other', null],
    ]);
    expect([await queued('tickets'), await stored('tickets')]).toEqual([[], 2]);
  });

  it('marks a ticket as deleted when Intercom twice did not have it', async () => {
    await announce('tickets', '1', '2');
    await applyTickets([ticket('1', 10, 'a'), ticket('2', 10, 'b')]);
    await announce('tickets', '1');
    await applyTickets([], [failed('1', 100)]);
    // At the same moment that is one answer.
    await applyTickets([], [failed('1', 109)]);
    expect([await stored('tickets'), await queued('tickets')]).toEqual([2, ['1']]);
    await applyTickets([], [failed('1', 110)], 30);
    expect([await stored('tickets'), await queued('tickets')]).toEqual([1, []]);
    expect(await rows('tickets')).toEqual([
      ['1', 'a', 30],
      ['2', 'b', null],
    ]);
  });

  const article = (id: string, updatedAt: number, title: string) => ({
    columns: {
      id,
      title,
      description: null,
      state: null,
      url: null,
      author_id: null,
      default_locale: null,
      created_at: 1,
      updated_at: updatedAt,
    },
    payload: JSON.stringify({ id, title }),
  });
  type Articles = readonly ReturnType<typeof article>[];
  const listArticles = (listing: string, fetchedAt: number, ...found: Articles) =>
    store.write('applyListPage', { fence, entity: 'articles', listing, fetchedAt, rows: found });
  const endList = (listing: string, begunAt: number) =>
    store.write('endList', { fence, entity: 'articles', listing, begunAt, deletedAt: begunAt + 1 });
  const applyArticles = (
    articles: Articles,
    failures: readonly ReturnType<typeof failed>[] = [],
    fetchedAt = 20,
  ) => store.write('applyArticleObjects', { fence, articles, failures, confirmAfterMs: 10, fetchedAt });

  it('stores an article, marks it as deleted, and takes it back', async () => {
    await announce('articles', '1');
    await applyArticles([article('1', 10, 'first')]);
    expect([await rows('articles'), await queued('articles')]).toEqual([[['1', 'first', null]], []]);
    await announce('articles', '1');
    await applyArticles([], [failed('1', 100)]);
    await applyArticles([], [failed('1', 200)], 30);
    expect([await rows('articles'), await queued('articles')]).toEqual([[['1', 'first', 30]], []]);
    expect(await stored('articles')).toBe(0);
    await applyArticles([article('1', 11, 'again')], [], 40);
    expect([await rows('articles'), await stored('articles')]).toEqual([[['1', 'again', null]], 1]);
  });

  it('is not undone by a listing that was under way, and counts as listed', async () => {
    await listArticles('a', 10, article('1', 5, 'old'), article('2', 5, 'same'));
    await endList('a', 9);
    // Listing b was answered before, and is stored after them.
    await applyArticles([article('1', 19, 'news'), article('3', 20, 'brand new')], [], 20);
    await listArticles('b', 19, article('1', 5, 'old'));
    await listArticles('b', 21, article('2', 5, 'later'));
    await endList('b', 18);
    expect(await rows('articles')).toEqual([
      ['1', 'news', null],
      ['2', 'later', null],
      ['3', 'brand new', null],
    ]);
    // Within one second the newer change counts.
    await listArticles('c', 20, article('1', 18, 'older'), article('2', 4, 'kept'));
    expect((await rows('articles')).map(([, title]) => title)).toEqual(['news', 'later', 'brand new']);
    // A later listing that does not show it tells that it is gone.
    await listArticles('d', 30, article('1', 25, 'newest'));
    await endList('d', 29);
    expect((await rows('articles')).map(([id, title, deletedAt]) => [id, title, deletedAt])).toEqual([
      ['1', 'newest', null],
      ['2', 'later', 30],
      ['3', 'brand new', 30],
    ]);
    expect(await stored('articles')).toBe(1);
  });

  it('is written by the holder of the lease only', async () => {
    const old = { ...fence, epoch: fence.epoch - 1 };
    const lost = { code: 'SYNC_LEASE_LOST' };
    const args = { fence: old, failures: [], confirmAfterMs: 1, fetchedAt: 1 };
    const oneTicket = { ...args, tickets: [ticket('1', 1, 'a')] };
    const oneArticle = { ...args, articles: [article('1', 1, 'a')] };
    await expect(store.write('applyTicketObjects', oneTicket)).rejects.toMatchObject(lost);
    await expect(store.write('applyArticleObjects', oneArticle)).rejects.toMatchObject(lost);
    expect([await rows('tickets'), await rows('articles')]).toEqual([[], []]);
  });
});

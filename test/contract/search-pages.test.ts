import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepHitLists, type StoredHitLists } from '../../src/app/hit-list-keeper.ts';
import type { Fence } from '../../src/data/writes/fence.ts';
import { createQueryService } from '../../src/query/create-query-service.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import type { SearchAnswer, SearchInput } from '../../src/query/types.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, type ConversationSpec, mirror, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { openRaw } from './raw-database.ts';

const MANY = 1_020;
const START = 1_700_000_000;

/** "common" stands in all of them, "refund" and "card" in some, differently often. */
const specOf = (index: number): ConversationSpec => ({
  id: String(index + 1),
  created_at: START + index,
  opening: `common ${'refund '.repeat(index % 7 === 0 ? 1 + (index % 5) : 0)}${'card '.repeat(index % 11 === 0 ? 1 + (index % 3) : 0)}number${index}`,
});

describeEngines('pages of a search', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  let lists: StoredHitLists;
  let kept: QueryService;
  /** Nothing can be written: cursors hold their lists. */
  let unkept: QueryService;
  let next = MANY;

  beforeAll(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
    for (let from = 0; from < MANY; from += 150)
      await mirror(
        store,
        fence,
        Array.from({ length: Math.min(150, MANY - from) }, (_, index) => specOf(from + index)),
      );
    lists = keepHitLists(store, silentLogger);
    kept = createQueryService({ reader: store, logger: silentLogger, lists });
    unkept = createQueryService({ reader: store, logger: silentLogger });
  });
  afterAll(async () => {
    await lists[Symbol.asyncDispose]();
    await place.drop();
  });

  const idsOf = ({ results }: SearchAnswer): string[] => results.map(({ id }) => id);
  const cursorOf = ({ pagination }: SearchAnswer): string => pagination.next_cursor ?? '';

  /** What the sync may do between two pages. */
  const write = {
    add: () =>
      mirror(store, fence, [{ ...specOf(next++), opening: 'common refund refund refund refund card card' }]),
    /** It ranks otherwise than before, or is no longer found. */
    update: (id: string, opening: string) =>
      mirror(store, fence, [
        { id, created_at: START + Number(id) - 1, updated_at: START + 90_000 + next++, opening },
      ]),
    remove: (id: string) =>
      store.write('applyDeletions', { fence, deleted: [{ id, deletedAt: START + 95_000 }] }),
  };

  it('by relevance show what page one found, in its order, none twice and none lost, whatever is written meanwhile', async () => {
    const step = fc.record({
      limit: fc.integer({ min: 5, max: 60 }),
      writes: fc.array(
        fc.oneof(
          fc.constant({ kind: 'add' as const }),
          fc.record({
            kind: fc.constant('update' as const),
            place: fc.nat(200),
            opening: fc.constantFrom(
              'refund '.repeat(9),
              'nothing of it',
              'card refund',
              `${'other words '.repeat(60)} refund`,
            ),
          }),
          fc.record({ kind: fc.constant('remove' as const), place: fc.nat(200) }),
        ),
        { maxLength: 4 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('refund', 'refund card', 'refund OR card'),
        fc.boolean(),
        fc.array(step, { minLength: 4, maxLength: 4 }),
        async (query, isKept, steps) => {
          const service = isKept ? kept : unkept;
          const all = idsOf(await service.searchConversations({ query, limit: 1_000 }));
          const removed = new Set<string>();
          const shown: string[] = [];
          let page = await service.searchConversations({ query, limit: steps[0]?.limit });
          const total = page.summary.total_results;
          for (let turn = 0; ; turn += 1) {
            shown.push(...idsOf(page));
            expect(page.summary.total_results).toBe(total);
            expect(page.pagination.has_more).toBe(page.pagination.next_cursor !== null);
            if (!page.pagination.has_more) break;
            const { limit, writes } = steps[turn % steps.length] ?? { limit: 20, writes: [] };
            for (const each of writes) {
              if (each.kind === 'add') await write.add();
              else {
                const id = all[each.place % all.length] ?? '1';
                if (each.kind === 'update' && !removed.has(id)) await write.update(id, each.opening);
                // Those that stay enough for the next runs.
                if (each.kind === 'remove' && !shown.includes(id) && all.length > 60) {
                  await write.remove(id);
                  removed.add(id);
                }
              }
            }
            page = await service.searchConversations({ query, limit, cursor: cursorOf(page) });
          }
          expect(shown).toEqual(all.filter((id) => !removed.has(id)));
        },
      ),
      { numRuns: 7, seed: 41 },
    );
  });

  it('by relevance end at the first thousand, and say so', async () => {
    const first = await kept.searchConversations({ query: 'common', limit: 700 });
    expect(first.pagination.has_more).toBe(true);
    const second = await kept.searchConversations({ query: 'common', limit: 700, cursor: cursorOf(first) });
    expect(second.summary.total_results).toBe(first.summary.total_results);
    expect(second.results).toHaveLength(300);
    expect(second.pagination).toEqual({ limit: 700, has_more: false, next_cursor: null });
    expect(second.metadata.notes.join()).toMatch(/first 1000 of \d{4} are listed.*sort by newest/);
    expect(first.metadata.notes.join()).not.toContain('are listed');
    const whole = await kept.searchConversations({ query: 'common', limit: 1_000 });
    expect(whole.pagination.has_more).toBe(false);
    expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(whole));
  });

  it('by time go through all', async () => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await kept.searchConversations({ query: 'common', sort: 'oldest', limit: 400, cursor });
      found.push(...idsOf(page));
      cursor = page.pagination.next_cursor ?? undefined;
    } while (cursor !== undefined);
    const { summary } = await kept.searchConversations({ query: 'common', sort: 'oldest', limit: 1 });
    expect(found).toHaveLength(summary.total_results);
    expect(new Set(found).size).toBe(found.length);
    expect(found.length).toBeGreaterThan(1_000);
  });

  it('go on in another process, which shows the same rows', async () => {
    const question: SearchInput = { query: 'refund common', limit: 9 };
    const first = await kept.searchConversations(question);
    const here = await kept.searchConversations({ ...question, cursor: cursorOf(first) });
    await lists[Symbol.asyncDispose]();
    const reader = await place.open('readOnly');
    const there = createQueryService({ reader, logger: silentLogger });
    const other = await there.searchConversations({ ...question, cursor: cursorOf(first) });
    expect(other.results).toEqual(here.results);
    expect(other.results.map(({ score }) => score)).not.toContain(null);
    expect(idsOf(other)).not.toEqual(idsOf(first));
  });

  it('have short cursors where lists are kept, and such that are taken everywhere where not', async () => {
    const question: SearchInput = { query: 'common', limit: 1 };
    expect(cursorOf(await kept.searchConversations(question)).length).toBeLessThan(80);
    const long = cursorOf(await unkept.searchConversations(question));
    expect(long.length).toBeLessThan(4_000);
    const { results } = await kept.searchConversations({ ...question, cursor: long, limit: 3 });
    expect(results).toHaveLength(3);
  });

  it('are refused for another question, when tampered with, and when they are kept no longer', async () => {
    const question: SearchInput = { query: 'refund', limit: 2 };
    const cursor = cursorOf(await kept.searchConversations(question));
    const refused = { code: 'CURSOR_INVALID' };
    const swap = (text: string): string => (text.startsWith('~k') ? text.replace('~k', '~i') : `${text}x`);
    for (const wrong of [
      { ...question, query: 'card', cursor },
      { ...question, state: 'open', cursor },
      { ...question, cursor: swap(cursor) },
      { ...question, cursor: cursor.slice(0, -1) },
      { ...question, cursor: 'x'.repeat(3_000) },
    ])
      await expect(kept.searchConversations(wrong)).rejects.toMatchObject(refused);
    await lists[Symbol.asyncDispose]();
    const raw = await openRaw(place.url);
    await raw.run(`delete from search_lists where workspace_id = '${WORKSPACE.id}'`);
    await raw.close();
    await expect(unkept.searchConversations({ ...question, cursor })).rejects.toMatchObject(refused);
  });

  it('are kept for a day', async () => {
    const hits = new Uint8Array([0, 0]);
    await store.write('keepSearchList', { workspaceId: WORKSPACE.id, listId: 'old', hits });
    const raw = await openRaw(place.url);
    await raw.run(`update search_lists set created_at = created_at - 86500000 where list_id = 'old'`);
    await raw.close();
    await store.write('keepSearchList', { workspaceId: WORKSPACE.id, listId: 'new', hits });
    const find = (listId: string) => store.read('findSearchList', { workspaceId: WORKSPACE.id, listId });
    expect(await find('old')).toBeNull();
    expect([...((await find('new')) ?? [])]).toEqual([...hits]);
    expect(await store.read('findSearchList', { workspaceId: 'another', listId: 'new' })).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { type Json } from './oracle.ts';
import { startRewriter } from './rewriter.ts';
import { describeTraps, isListing, ourRequests, searchAsked, type Trap } from './support.ts';

/** With or without parameters. */
const isSearch = (path: string): boolean => /\/search(\?|$)/.test(path);

const SMALL_PAGES = { pageSize: 20, parallelWindows: 1 };

/** Runs something before the n-th listing page (counted from 1) is answered. */
const beforePage = (trap: Trap, field: string, act: (page: number) => void): void => {
  let page = 0;
  trap.sandbox.setFaults((request) => {
    if (!isListing(request) || searchAsked(request.body).field !== field) return undefined;
    page += 1;
    act(page);
    return undefined;
  });
};

const listings = (trap: Trap, field: string): number =>
  ourRequests(trap.sandbox).filter((entry) => isListing(entry) && searchAsked(entry.body).field === field)
    .length;

describeTraps('pagination and ordering', (open) => {
  it('T01 loses nothing that is updated while pages are read', async () => {
    await using trap = await open({ conversations: 100 });
    const { mutate } = trap.sandbox;
    const ids = await trap.ids();
    beforePage(trap, 'created_at', (page) => {
      if (page === 2) for (const id of ids.slice(25, 35)) mutate.reply(id, { body: '<p>bumped</p>' });
    });
    expect(await trap.sync({ sync: SMALL_PAGES })).toMatchObject({ status: 'complete' });
    await trap.expectMirrored({ sync: SMALL_PAGES });
    // The same while only what changed is listed.
    trap.later(5);
    for (const id of ids.slice(0, 60)) mutate.touch(id);
    trap.later(5);
    beforePage(trap, 'updated_at', (page) => {
      if (page === 2) for (const id of ids.slice(0, 30)) mutate.reply(id, { body: '<p>again</p>' });
    });
    await trap.sync({ sync: SMALL_PAGES });
    trap.later(5);
    await trap.sync({ sync: SMALL_PAGES });
    await trap.expectMirrored({ sync: SMALL_PAGES });
  });

  it('T02 ends a scan whose tail moves, and has what moved with the next one', async () => {
    await using trap = await open({ conversations: 120 });
    const { mutate } = trap.sandbox;
    await trap.sync();
    const ids = await trap.ids();
    trap.later(700);
    for (const id of ids.slice(0, 100)) mutate.touch(id);
    trap.later(1);
    const before = listings(trap, 'updated_at');
    beforePage(trap, 'updated_at', (page) => {
      // More than a page holds, each time: without an upper bound this would never end.
      trap.later(1);
      for (const id of ids.slice(0, 30)) mutate.reply(id, { body: `<p>page ${page}</p>` });
    });
    expect(await trap.sync({ sync: SMALL_PAGES })).toMatchObject({ status: 'complete' });
    expect(listings(trap, 'updated_at') - before).toBeLessThanOrEqual(Math.ceil(100 / 20) + 2);
    trap.sandbox.setFaults(undefined);
    trap.later(1);
    await trap.sync({ sync: SMALL_PAGES });
    await trap.expectMirrored({ sync: SMALL_PAGES });
  });

  it.each([true, false])(
    'T04 has what lies on a boundary second once; bounds included: %s',
    async (inclusive) => {
      let time = Date.UTC(2026, 10, 20);
      const clock = { now: () => time };
      await using trap = await open({
        conversations: 5,
        sandbox: { inclusiveBounds: inclusive, clock },
      });
      const { mutate } = trap.sandbox;
      const base = Math.floor(time / 1000) - 1_000;
      // One in each second: wherever a window ends, something lies on it and on both sides of it.
      for (let second = 0; second < 120; second += 1)
        mutate.addConversation({ created_at: base + second, updated_at: base + second });
      const tuning = { pageSize: 5, parallelWindows: 8, overlapSeconds: 0 };
      const { entities } = await trap.sync({ sync: tuning });
      const windows = new Set(
        ourRequests(trap.sandbox)
          .filter((entry) => isListing(entry) && searchAsked(entry.body).field === 'created_at')
          .map(({ body }) => JSON.stringify((body as { query: unknown }).query)),
      );
      expect(windows.size).toBeGreaterThan(4);
      // The poll behind it finds nothing in its second, so each was listed by one window only.
      expect(entities.conversations?.listed).toBe(125);
      // In the very second of the watermark, and in the last one of the next scan.
      mutate.addConversation();
      mutate.reply(String((await trap.ids())[0]), { body: '<p>same second</p>' });
      time += 60_000;
      mutate.addConversation();
      await trap.sync({ sync: tuning });
      time += 2_000;
      await trap.sync({ sync: tuning });
      await trap.expectMirrored({ sync: tuning });
    },
  );

  it.each(['honoured', 'ignored', 'reversed'] as const)(
    'T05 lists everything where sort is %s',
    async (sort) => {
      await using trap = await open({ conversations: 100, sandbox: { sort } });
      const { mutate } = trap.sandbox;
      const ids = await trap.ids();
      beforePage(trap, 'created_at', (page) => {
        if (page === 2) mutate.reply(ids[70] ?? '', { body: '<p>jumps</p>' });
      });
      await trap.sync({ sync: SMALL_PAGES });
      trap.later(700);
      for (const id of ids.slice(10, 70)) mutate.reply(id, { body: '<p>later</p>' });
      trap.later(2);
      await trap.sync({ sync: SMALL_PAGES });
      await trap.expectMirrored({ sync: SMALL_PAGES });
      const orders = ourRequests(trap.sandbox).flatMap(({ body }) => {
        const order = (body as { sort?: { order?: string } } | null)?.sort?.order;
        return order === undefined ? [] : [order];
      });
      expect(orders.filter((order) => order !== 'ascending' && order !== 'descending')).toEqual([]);
    },
  );

  it('T06 fails loudly on a cursor that leads nowhere, and keeps its watermark', async () => {
    await using trap = await open({ conversations: 100 });
    await trap.sync();
    const asOf = await trap.asOf();
    trap.later(700);
    for (const id of await trap.ids()) trap.sandbox.mutate.touch(id);
    trap.later(2);
    const before = listings(trap, 'updated_at');
    trap.sandbox.setFaults((request) =>
      isListing(request) && searchAsked(request.body).cursor !== undefined
        ? { kind: 'repeated_cursor' }
        : undefined,
    );
    const failed = await trap.sync({ sync: SMALL_PAGES });
    expect(failed).toMatchObject({ status: 'incomplete', exit_code: 3 });
    expect(failed.incomplete).toContainEqual({
      entity: 'conversations',
      id: '*',
      code: 'SYNC_CURSOR_REPEATED',
    });
    expect(listings(trap, 'updated_at') - before).toBeLessThanOrEqual(3);
    expect(await trap.asOf()).toBe(asOf);
    trap.sandbox.setFaults(undefined);
    expect(await trap.sync({ sync: SMALL_PAGES })).toMatchObject({ status: 'complete' });
    await trap.expectMirrored({ sync: SMALL_PAGES });
  });

  it('T06 notices a server that takes no cursor and shows page 1 for ever', async () => {
    await using trap = await open({ conversations: 60 });
    let pages = 0;
    await using deaf = await startRewriter(trap.sandbox.url, {
      request: (request) => {
        const { body } = request;
        if (!isSearch(request.path) || body === undefined) return undefined;
        const { starting_after: _, ...pagination } = body.pagination as Json;
        request.body = { ...body, pagination };
        pages += 1;
        return undefined;
      },
    });
    const failed = await trap.sync({ sync: SMALL_PAGES, client: { baseUrl: deaf.url } });
    expect(failed.incomplete).toContainEqual({
      entity: 'conversations',
      id: '*',
      code: 'SYNC_CURSOR_REPEATED',
    });
    expect(pages).toBeLessThan(10);
    expect(await trap.asOf()).toBeNull();
    await trap.sync();
    await trap.expectMirrored();
  });

  it('T08 goes on behind a short or empty page that has a next one', async () => {
    await using trap = await open({ conversations: 80 });
    const held = new Map<string, string>();
    await using gaps = await startRewriter(trap.sandbox.url, {
      // Before each page but the first comes one without items; its next leads to the page itself.
      request: ({ body, path }) => {
        const pagination = body?.pagination as { starting_after?: string; per_page: number } | undefined;
        const cursor = pagination?.starting_after;
        if (!isSearch(path) || pagination === undefined || cursor === undefined) return undefined;
        const behind = held.get(cursor);
        if (behind !== undefined) {
          pagination.starting_after = behind;
          return undefined;
        }
        held.set(`gap-${cursor}`, cursor);
        return {
          type: 'conversation.list',
          total_count: 80,
          pages: { type: 'pages', next: { page: 3, starting_after: `gap-${cursor}` }, page: 2 },
          conversations: [],
        };
      },
    });
    const result = await trap.sync({ sync: SMALL_PAGES, client: { baseUrl: gaps.url } });
    expect(result).toMatchObject({ status: 'complete', entities: { conversations: { listed: 80 } } });
    expect(held.size).toBe(3);
    await trap.expectMirrored();
  });

  const NEXT = 'https://api.intercom.io/conversations/search?per_page=20&starting_after=';
  it.each([
    ['an object', (next: Json) => next, {}],
    ['a URL', (next: Json) => NEXT + encodeURIComponent(String(next.starting_after)), {}],
    ['an object, and null at the end', (next: Json) => next, { next: null }],
    [
      'a URL, and an empty text at the end',
      (next: Json) => NEXT + encodeURIComponent(String(next.starting_after)),
      { next: '' },
    ],
  ] as const)('T09 follows next as %s', async (_, shape, last) => {
    await using trap = await open({ conversations: 70 });
    await using shaped = await startRewriter(trap.sandbox.url, {
      answer: (answer) => {
        const pages = answer.pages as Json | null | undefined;
        if (!pages) return answer;
        return {
          ...answer,
          pages: pages.next ? { ...pages, next: shape(pages.next as Json) } : { ...pages, ...last },
        };
      },
    });
    const result = await trap.sync({ sync: SMALL_PAGES, client: { baseUrl: shaped.url } });
    expect(result).toMatchObject({ status: 'complete', entities: { conversations: { listed: 70 } } });
    await trap.expectMirrored();
    await trap.expectContactsMirrored();
  });

  it.each([
    ['no cursor', { page: 2 }],
    ['a URL without a cursor', 'https://api.intercom.io/conversations/search'],
    ['a number', 7],
  ] as const)('T09 takes a next with %s for a broken answer, not for the end', async (_, next) => {
    await using trap = await open({ conversations: 70 });
    await using broken = await startRewriter(trap.sandbox.url, {
      answer: (answer) => {
        const pages = answer.pages as Json | undefined;
        return pages?.next ? { ...answer, pages: { ...pages, next } } : answer;
      },
    });
    const result = await trap.sync({
      sync: SMALL_PAGES,
      client: { baseUrl: broken.url },
      run: { only: ['conversations'] },
    });
    expect(result).toMatchObject({ status: 'incomplete', exit_code: 3 });
    expect(await trap.asOf()).toBeNull();
    await trap.sync();
    await trap.expectMirrored();
  });
});

import { describe, expect, test } from 'vitest';
import { allPages, type Answer, EVERYTHING, idsOf, nextCursor, openSandbox, searchBody } from './support.ts';

const decoded = (cursor: string): unknown => JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));

describe('cursors of a search', () => {
  for (const field of ['created_at', 'updated_at'] as const) {
    for (const order of ['ascending', 'descending'] as const) {
      test(`give everything once by ${field}, ${order}, with many in one second`, async () => {
        await using open = await openSandbox({ seed: 6, conversations: 120 });
        const { conversations } = open.world;
        // Three seconds for all of them: every page ends between equals.
        for (let index = 0; index < 120; index += 1)
          open.sandbox.mutate.set(conversations.id(index), { [field]: 1_700_000_000 + (index % 3) }, false);
        const pages = await allPages(open.ask, { field, order, perPage: 7 });
        const expected = Array.from({ length: 120 }, (_, index) => index)
          .sort((a, b) => (a % 3) - (b % 3) || a - b)
          .map((index) => conversations.id(index));
        expect(idsOf(pages)).toEqual(order === 'ascending' ? expected : expected.toReversed());
        expect(pages.map(({ pages: { page } }) => page)).toEqual(pages.map((_, index) => index + 1));
        expect(new Set(pages.map(({ total_count: total }) => total))).toEqual(new Set([120]));
      });
    }
  }

  test('hold sort value in ms, id and page, and are stateless', async () => {
    await using open = await openSandbox({ seed: 6, conversations: 40 });
    const options = { field: 'created_at', perPage: 10 };
    const { json: first } = await open.ask('POST /conversations/search', searchBody(options));
    const last = first.conversations[9];
    expect(decoded(nextCursor(first) ?? '')).toEqual([(last?.created_at ?? 0) * 1000, Number(last?.id), 2]);
    const second = searchBody(options, nextCursor(first));
    const [one, again] = [
      await open.ask('POST /conversations/search', second),
      await open.ask('POST /conversations/search', second),
    ];
    expect(again.json).toEqual(one.json);
    expect(idsOf([one.json])[0]).toBe(open.world.conversations.id(10));
  });

  test('go on behind their object, wherever it has gone meanwhile', async () => {
    await using open = await openSandbox({ seed: 6, conversations: 40 });
    const { conversations } = open.world;
    const options = { field: 'created_at', perPage: 10 };
    const { json: first } = await open.ask('POST /conversations/search', searchBody(options));
    open.sandbox.mutate.delete(conversations.id(9));
    const { json: second } = await open.ask(
      'POST /conversations/search',
      searchBody(options, nextCursor(first)),
    );
    expect(idsOf([second])[0]).toBe(conversations.id(10));
    expect(second.total_count).toBe(39);
  });

  test('lose what jumps over them, as the real ones do', async () => {
    await using open = await openSandbox({ seed: 6, conversations: 40 });
    const options = { field: 'updated_at', order: 'descending', perPage: 10 };
    const { json: first } = await open.ask('POST /conversations/search', searchBody(options));
    const [jumper = ''] = idsOf(await allPages(open.ask, options)).slice(15);
    open.sandbox.mutate.touch(jumper);
    const rest = await open.ask(
      'POST /conversations/search',
      searchBody({ ...options, perPage: 150 }, nextCursor(first)),
    );
    expect(idsOf([rest.json])).not.toContain(jumper);
  });

  test('count in the body only: in the query string they give the first page again', async () => {
    await using open = await openSandbox({ seed: 6, conversations: 40 });
    const body = searchBody({ field: 'created_at', perPage: 10 });
    const { json: first } = await open.ask('POST /conversations/search', body);
    const target = `POST /conversations/search?starting_after=${encodeURIComponent(nextCursor(first) ?? '')}`;
    expect(idsOf([(await open.ask(target, body)).json])).toEqual(idsOf([first]));
  });

  test.each([
    'x',
    'bm8=',
    Buffer.from('[1,2]').toString('base64'),
    Buffer.from('[1000,"9",2]').toString('base64'),
    7,
  ])('that are none are refused: %s', async (cursor) => {
    await using open = await openSandbox({ seed: 6, conversations: 3 });
    const body = { query: EVERYTHING, pagination: { starting_after: cursor } };
    const { status, json } = await open.ask('POST /conversations/search', body);
    expect(status).toBe(400);
    expect(json.errors[0]).toMatchObject({ code: 'client_error' });
    expect(json.errors[0]?.message).toContain('Invalid starting_after param');
  });

  test.each<[unknown, number]>([
    [undefined, 20],
    [1, 1],
    [150, 150],
    [151, 150],
    [10_000, 150],
    [0, 20],
    ['30', 30],
  ])('make pages of the size that was asked for: %s gives %i', async (perPage, size) => {
    await using open = await openSandbox({ seed: 6, conversations: 200 });
    const body = { query: EVERYTHING, pagination: perPage === undefined ? {} : { per_page: perPage } };
    const { json } = await open.ask('POST /conversations/search', body);
    expect(json.conversations).toHaveLength(size);
    expect(json.pages.per_page).toBe(size);
  });
});

test('list and search leave the parts out, which the single GET has', async () => {
  await using open = await openSandbox({ seed: 6, conversations: 5 });
  for (const target of ['GET /conversations', 'POST /conversations/search']) {
    const { json } = await open.ask(target, target.startsWith('POST') ? searchBody({}) : undefined);
    const [item] = json.conversations;
    expect(item).not.toHaveProperty('conversation_parts');
    const { conversation_parts: parts, ...rest } = await open.conversation(item?.id ?? '');
    expect(parts.total_count).toBe(parts.conversation_parts.length);
    expect(item).toEqual(rest);
  }
});

test('GET /conversations lists by cursor, the newest activity first', async () => {
  await using open = await openSandbox({ seed: 6, conversations: 90 });
  const pages: Answer[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `&starting_after=${encodeURIComponent(cursor)}`;
    pages.push((await open.ask(`GET /conversations?per_page=40${query}`)).json);
    cursor = nextCursor(pages.at(-1) as Answer);
  } while (cursor !== undefined);
  const times = pages.flatMap(({ conversations }) => conversations.map(({ updated_at: time }) => time));
  expect(pages).toHaveLength(3);
  expect(new Set(idsOf(pages)).size).toBe(90);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
});

test('GET /contacts lists everybody once, by cursor', async () => {
  await using open = await openSandbox({ seed: 6, conversations: 300 });
  const ids: string[] = [];
  let cursor: string | undefined;
  let total = 0;
  do {
    const query = cursor === undefined ? '' : `&starting_after=${encodeURIComponent(cursor)}`;
    const { json } = await open.ask(`GET /contacts?per_page=50${query}`);
    ids.push(...json.data.map(({ id }) => id));
    total = json.total_count;
    cursor = nextCursor(json);
    if (cursor !== undefined)
      expect(decoded(cursor)).toEqual([expect.any(Number), ids.at(-1), expect.any(Number)]);
  } while (cursor !== undefined);
  expect(total).toBe(180);
  expect(new Set(ids).size).toBe(180);
});

describe('companies', () => {
  test('are listed by page number, with the next page as a URL on the US host', async () => {
    await using open = await openSandbox({ seed: 6, conversations: 300 });
    const { json: first } = await open.ask('POST /companies/list?page=1', { per_page: 10 });
    expect(first.pages).toMatchObject({ page: 1, per_page: 10, total_pages: 2 });
    expect(first.pages.next).toBe('https://api.intercom.io/companies/list?per_page=10&page=2');
    const { json: second } = await open.ask('POST /companies/list', { per_page: 10, page: 2 });
    expect(second.pages.next).toBeNull();
    expect([...first.data, ...second.data].map(({ user_count: users }) => users)).not.toContain(0);
    expect((await open.ask('GET /companies?per_page=10')).json.data).toEqual(first.data);
  });

  test('stop at ten thousand', async () => {
    await using open = await openSandbox({ seed: 6, conversations: 205_000 });
    expect(open.world.companies.count).toBeGreaterThan(10_000);
    expect((await open.ask('GET /companies?per_page=50&page=200')).status).toBe(200);
    const { status, json } = await open.ask('GET /companies?per_page=50&page=201');
    expect(status).toBe(400);
    expect(json.errors[0]?.message).toBe('page limit reached, please use scroll API');
  });

  test('are scrolled by one at a time, to an empty page; a minute of rest ends it', async () => {
    let now = 1_790_000_000_000;
    await using open = await openSandbox({ seed: 6, conversations: 3_000 }, { clock: { now: () => now } });
    const scroll = async (param?: string) => {
      const { status, json } = await open.ask(
        `GET /companies/scroll${param === undefined ? '' : `?scroll_param=${param}`}`,
      );
      return { status, json: json as Answer & { scroll_param: string } };
    };
    const first = await scroll();
    const param = first.json.scroll_param;
    expect(first.json).toMatchObject({ pages: null, total_count: null });
    expect((await scroll()).json.errors[0]?.code).toBe('scroll_exists');
    const second = await scroll(param);
    const third = await scroll(param);
    expect([first, second, third].map(({ json }) => json.data.length > 0)).toEqual([true, true, false]);
    expect((await scroll(param)).status).toBe(404);
    const again = await scroll();
    now += 61_000;
    expect((await scroll(again.json.scroll_param)).status).toBe(404);
    expect((await scroll()).status).toBe(200);
  });
});

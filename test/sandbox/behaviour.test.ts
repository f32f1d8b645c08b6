import { describe, expect, test } from 'vitest';
import {
  allPages,
  type Answer,
  EVERYTHING,
  idsOf,
  nextCursor,
  type OpenSandbox,
  openSandbox,
  searchBody,
} from './support.ts';

const COUNT = 120;
const start = (): Promise<OpenSandbox> => openSandbox({ seed: 31, conversations: COUNT });
const codeOf = ({ status, json }: { status: number; json: Answer }) => [status, json.errors[0]?.code];

describe('scopes and plans', () => {
  test('without read_tickets, tickets are silently absent, and their own endpoints say so', async () => {
    await using open = await start();
    open.sandbox.set({ missingScopes: ['read_tickets'] });
    const tickets = Array.from({ length: COUNT }, (_, index) => index).filter(open.world.isTicket);
    const pages = await allPages(open.ask, { field: 'created_at' });
    expect(idsOf(pages)).toHaveLength(COUNT - tickets.length);
    expect(pages[0]?.total_count).toBe(COUNT - tickets.length);
    const listed = (await open.ask('GET /conversations?per_page=150')).json;
    expect(listed.conversations).toHaveLength(COUNT - tickets.length);
    const id = open.world.conversations.id(tickets[0] ?? 0);
    for (const asked of [`GET /conversations/${id}`, `GET /tickets/${id}`, 'GET /ticket_types'])
      expect(codeOf(await open.ask(asked))).toEqual([403, 'forbidden']);
    expect(codeOf(await open.ask('POST /tickets/search', searchBody({})))).toEqual([403, 'forbidden']);
    open.sandbox.set({ missingScopes: [] });
    expect(idsOf(await allPages(open.ask))).toHaveLength(COUNT);
  });

  test('what becomes a ticket leaves the sight of such a token', async () => {
    await using open = await start();
    open.sandbox.set({ missingScopes: ['read_tickets'] });
    const before = (await open.ask('POST /conversations/search', searchBody({}))).json.total_count;
    open.sandbox.mutate.setTicket(open.world.conversations.id(0), {});
    open.sandbox.mutate.addTicket();
    open.sandbox.mutate.addConversation();
    expect((await open.ask('POST /conversations/search', searchBody({}))).json.total_count).toBe(before);
  });

  test.each<[string, string]>([
    ['read_me', '/me'],
    ['read_admins', '/admins'],
    ['read_tags', '/tags'],
    ['read_contacts', '/contacts'],
    ['read_companies', '/companies/scroll'],
    ['read_articles', '/articles'],
    ['read_conversations', '/conversations'],
  ])('%s missing: only its endpoints refuse, with 403 or 401', async (scope, path) => {
    await using open = await start();
    open.sandbox.set({ missingScopes: [scope] });
    expect(codeOf(await open.ask(`GET ${path}`))).toEqual([403, 'forbidden']);
    open.sandbox.set({ missingScopeStatus: 401 });
    expect(codeOf(await open.ask(`GET ${path}`))).toEqual([401, 'token_unauthorized']);
    expect((await open.ask('GET /segments')).status).toBe(scope === 'read_contacts' ? 401 : 200);
  });

  test('a plan without something says so', async () => {
    await using open = await start();
    open.sandbox.set({ planRestricted: ['/macros', '/articles'] });
    expect(codeOf(await open.ask('GET /macros'))).toEqual([403, 'api_plan_restricted']);
    expect((await open.ask('GET /tags')).status).toBe(200);
  });

  test('a host that refuses every token, until it does not', async () => {
    await using open = await start();
    open.sandbox.set({ refusesTokens: true });
    const refused = await open.ask('GET /me');
    expect(codeOf(refused)).toEqual([401, 'unauthorized']);
    expect(refused.headers.get('x-ratelimit-limit')).toBeNull();
    open.sandbox.set({ refusesTokens: false });
    expect((await open.ask('GET /me')).status).toBe(200);
  });

  test('region, workspace and zone can be others', async () => {
    await using open = await start();
    open.sandbox.set({ region: 'EU', workspaceId: 'elsewhere', timeZone: 'Australia/Sydney' });
    expect((await open.ask('GET /me')).json).toMatchObject({
      app: { region: 'EU', id_code: 'elsewhere', timezone: 'Australia/Sydney' },
    });
  });
});

describe('contact searches', () => {
  const NOON = 1_790_078_400; // 2026-09-22T12:00:00Z
  const found = async (open: OpenSandbox, operator: string, value: number, version = '2.16') => {
    const { status, json } = await open.ask(
      'POST /contacts/search',
      searchBody({ query: { field: 'updated_at', operator, value } }),
      { 'Intercom-Version': version },
    );
    return status === 200 ? json.data.map(({ id }) => id) : json.errors[0]?.code;
  };

  test('read days of the zone that is set, or seconds; Preview reads seconds', async () => {
    await using open = await start();
    const id = open.world.contacts.id(0);
    open.sandbox.mutate.updateContact(id, { updated_at: NOON });
    // 12:00Z on the 22nd is still the 22nd in Los Angeles, and 22:00 of the 22nd in Sydney.
    expect(await found(open, '>', NOON - 60)).not.toContain(id);
    expect(await found(open, '=', NOON - 3_600)).toContain(id);
    open.sandbox.set({ timeZone: 'Australia/Sydney' });
    expect(await found(open, '=', NOON + 3 * 3_600)).not.toContain(id);
    expect(await found(open, '>', NOON - 60, 'Preview')).toContain(id);
    expect(await found(open, '>=', NOON, 'Preview')).toContain(id);
    open.sandbox.set({ contactDates: 'exactSecond' });
    expect(await found(open, '>', NOON - 60)).toContain(id);
    expect(await found(open, '<=', NOON - 1)).not.toContain(id);
    open.sandbox.set({ contactDates: 'day' });
    expect(await found(open, '>=', NOON, 'Preview')).toBe('parameter_invalid');
  });

  test('do not find what was changed near midnight in UTC; the list has it', async () => {
    await using open = await start();
    const [late = '', early = '', noon = ''] = [1, 2, 3].map((index) => open.world.contacts.id(index));
    const midnight = NOON - 43_200;
    open.sandbox.mutate.updateContact(late, { updated_at: midnight - 90 });
    open.sandbox.mutate.updateContact(early, { updated_at: midnight + 90 });
    open.sandbox.mutate.updateContact(noon, { updated_at: NOON });
    open.sandbox.set({ hiddenAroundMidnightSeconds: 120 });
    const ids = await found(open, '>', 1);
    expect(ids).toContain(noon);
    expect(ids).not.toContain(late);
    expect(ids).not.toContain(early);
    const listed = (await open.ask('GET /contacts?per_page=150')).json.data.map(({ id }) => id);
    expect(listed).toEqual(expect.arrayContaining([late, early, noon]));
  });

  test('and lists leave out an archived contact that GET still gives', async () => {
    await using open = await start();
    const id = open.world.contacts.id(5);
    open.sandbox.mutate.archiveContact(id);
    const listed = async () =>
      (await open.ask('GET /contacts?per_page=150')).json.data.map((each) => each.id);
    expect(await listed()).not.toContain(id);
    expect(await found(open, '>', 1)).not.toContain(id);
    expect((await open.ask(`GET /contacts/${id}`)).status).toBe(200);
    open.sandbox.mutate.archiveContact(id, false);
    expect(await listed()).toContain(id);
  });
});

describe('pages', () => {
  test.each(['/conversations/search', '/tickets/search', '/contacts/search'])(
    '%s: empty and short ones are not the last, and nothing is skipped',
    async (path) => {
      await using open = await start();
      const options = { path, field: 'created_at', perPage: 4 };
      const whole = await allPages(open.ask, options);
      open.sandbox.set({ emptyPageEvery: 2, shortPageEvery: 3 });
      const pages = await allPages(open.ask, options);
      expect(idsOf(pages)).toEqual(idsOf(whole));
      const sizes = pages.map((page) => idsOf([page]).length);
      expect(sizes.slice(0, 4)).toEqual([4, 0, 2, 0]);
      expect(pages.slice(0, -1).every((page) => nextCursor(page) !== undefined)).toBe(true);
    },
  );

  test('lead on as an object or as a URL, and end in three ways', async () => {
    await using open = await start();
    const pagesOf = async (perPage: number) =>
      (await open.ask('POST /conversations/search', searchBody({ perPage }))).json.pages;
    expect((await pagesOf(10)).next).toMatchObject({ page: 2 });
    expect(await pagesOf(150)).not.toHaveProperty('next');
    open.sandbox.set({ lastPage: 'null', nextPage: 'url' });
    expect((await pagesOf(10)).next).toMatch(
      /^https:\/\/api\.intercom\.io\/conversations\/search\?per_page=10&starting_after=/,
    );
    expect((await pagesOf(150)).next).toBeNull();
    open.sandbox.set({ lastPage: 'nullCursor' });
    expect((await pagesOf(150)).next).toEqual({ starting_after: null });
  });
});

describe('the scroll of companies', () => {
  const scroll = async (open: OpenSandbox, param?: string) => {
    const query = param === undefined ? '' : `?scroll_param=${param}`;
    const { status, json } = await open.ask(`GET /companies/scroll${query}`);
    return { status, json: json as Answer & { scroll_param: string } };
  };

  test('rests as long as is set', async () => {
    let now = 1_790_000_000_000;
    await using open = await openSandbox({ seed: 31, conversations: 5 }, { clock: { now: () => now } });
    open.sandbox.set({ scrollIdleSeconds: 2 });
    const { json } = await scroll(open);
    now += 3_000;
    expect((await scroll(open, json.scroll_param)).status).toBe(404);
  });

  test('breaks once at a page, is gone then, and runs through the next time', async () => {
    await using open = await openSandbox({ seed: 31, conversations: 5, companies: 350 });
    open.sandbox.mutate.breakScroll(3);
    const first = await scroll(open);
    const param = first.json.scroll_param;
    expect((await scroll(open, param)).status).toBe(200);
    const broken = await scroll(open, param);
    expect(broken.status).toBe(500);
    expect(broken.json.errors[0]?.message).toContain('restart the scroll operation');
    expect((await scroll(open, param)).status).toBe(404);
    const again = await scroll(open);
    const ids = again.json.data.map(({ id }) => id);
    for (let page = 2; ; page += 1) {
      const { json } = await scroll(open, again.json.scroll_param);
      if (json.data.length === 0) break;
      ids.push(...json.data.map(({ id }) => id));
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe((await open.ask('POST /companies/list', {})).json.total_count);
  });

  test('waits for somebody else’s', async () => {
    await using open = await start();
    open.sandbox.set({ foreignScroll: true });
    expect(codeOf(await scroll(open))).toEqual([400, 'scroll_exists']);
    open.sandbox.set({ foreignScroll: false });
    expect((await scroll(open)).status).toBe(200);
  });
});

describe('a change before each request to a path', () => {
  test('happens once a request, as often as there are arguments', async () => {
    await using open = await start();
    const ids = [3, 4].map((index) => open.world.conversations.id(index));
    const answer = await fetch(`${open.sandbox.url}/__sandbox/mutate`, {
      method: 'POST',
      body: JSON.stringify({ op: 'delete', path: '/conversations/search', each: ids.map((id) => [id]) }),
    });
    expect(await answer.json()).toEqual({ scheduled: 2 });
    const counts = [];
    for (let request = 0; request < 4; request += 1) {
      await open.ask('GET /tags');
      const { json } = await open.ask('POST /conversations/search', searchBody({ query: EVERYTHING }));
      counts.push(json.total_count);
    }
    expect(counts).toEqual([COUNT - 1, COUNT - 2, COUNT - 2, COUNT - 2]);
  });
});

import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/sandbox/world.ts';
import { type Answer, openSandbox } from './support.ts';

const start = () => openSandbox({ seed: 22, conversations: 60, articles: 60 });

const many = (answer: Answer): readonly JsonObject[] => answer.data;

describe('small tables', () => {
  test.each<[string, string, number]>([
    ['/admins', 'admins', 14],
    ['/teams', 'teams', 5],
    ['/tags', 'data', 12],
    ['/segments', 'segments', 6],
    ['/subscription_types', 'data', 3],
    ['/brands', 'data', 2],
    ['/office_hours_schedules', 'data', 1],
    ['/help_center/help_centers', 'data', 2],
    ['/ticket_types', 'data', 4],
    ['/ticket_states', 'data', 6],
  ])('%s lists all of it under %s, without pages', async (path, key, count) => {
    await using open = await start();
    const json = (await open.ask(`GET ${path}`)).json as unknown as Record<string, JsonObject[]>;
    expect(json[key]).toHaveLength(count);
    expect(new Set(json[key]?.map(({ id }) => id)).size).toBe(count);
    expect(json).not.toHaveProperty('pages');
  });

  test('segments tell how many people they have when they are asked to', async () => {
    await using open = await start();
    const counts = async (query: string) =>
      ((await open.ask(`GET /segments${query}`)).json as unknown as { segments: JsonObject[] }).segments.map(
        ({ count }) => typeof count,
      );
    expect(new Set(await counts(''))).toEqual(new Set(['undefined']));
    expect(new Set(await counts('?include_count=true'))).toEqual(new Set(['number']));
  });
});

describe('attributes', () => {
  test('standard ones have no id, archived ones have to be asked for', async () => {
    await using open = await start();
    const contact = many((await open.ask('GET /data_attributes?model=contact')).json);
    expect(new Set(contact.map(({ model }) => model))).toEqual(new Set(['contact']));
    for (const attribute of contact) expect('id' in attribute).toBe(attribute.custom);
    expect(contact.some(({ archived }) => archived)).toBe(false);
    const all = many((await open.ask('GET /data_attributes?model=contact&include_archived=true')).json);
    expect(all.filter(({ archived }) => archived).map(({ name }) => name)).toEqual(['old_plan']);
    const names = many((await open.ask('GET /data_attributes')).json).map(({ full_name: name }) => name);
    expect(names.filter((name) => name === 'name')).toHaveLength(2);
  });

  test('those of conversations have moved; two have the same name', async () => {
    await using open = await start();
    const moved = await open.ask('GET /data_attributes?model=conversation');
    expect([moved.status, moved.json.errors[0]?.code]).toEqual([422, 'parameter_invalid']);
    const found = many((await open.ask('GET /conversations/attributes')).json);
    expect(found.filter(({ name }) => name === 'Plan').map(({ id }) => id)).toEqual([5, 6]);
    const all = many((await open.ask('GET /conversations/attributes?include_archived=true')).json);
    expect(all).toHaveLength(found.length + 1);
  });
});

describe('articles, collections and macros', () => {
  test('articles come by page number, the latest change first, without statistics', async () => {
    await using open = await start();
    const pages = [];
    for (let page = 1; page <= 3; page += 1) pages.push((await open.ask(`GET /articles?page=${page}`)).json);
    const [first] = pages;
    expect(first).toMatchObject({ total_count: 60, pages: { page: 1, per_page: 25, total_pages: 3 } });
    expect(first?.pages.next).toBe('https://api.intercom.io/articles?per_page=25&page=2');
    expect(pages[2]?.pages.next).toBeNull();
    const articles = pages.flatMap(({ data }) => [...data]);
    expect(new Set(articles.map(({ id }) => id)).size).toBe(60);
    const times = articles.map(({ updated_at: time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    for (const article of articles) expect(article).not.toHaveProperty('statistics');
    const one = (await open.ask(`GET /articles/${articles[0]?.id}`)).json as unknown as JsonObject;
    expect(one).toMatchObject({ statistics: { views: expect.any(Number) as number } });
    expect((await open.ask('GET /articles/9')).status).toBe(404);
  });

  test('collections are a tree, whose children name their parent', async () => {
    await using open = await start();
    const all = many((await open.ask('GET /help_center/collections')).json);
    const ids = new Set(all.map(({ id }) => id));
    const children = all.filter(({ parent_id: parent }) => parent !== null);
    expect(children.length).toBeGreaterThan(0);
    for (const { parent_id: parent, help_center_id: center } of children) {
      expect(ids).toContain(parent);
      expect(center).toBeNull();
    }
  });

  test('macros come by cursor, with times as text; since a time, the later ones', async () => {
    await using open = await start();
    const first = (await open.ask('GET /macros')).json;
    expect(first.data).toHaveLength(50);
    const cursor = (first.pages.next as { starting_after: string }).starting_after;
    const second = (await open.ask(`GET /macros?starting_after=${encodeURIComponent(cursor)}`)).json;
    expect(second.pages.next).toBeNull();
    const all = [...many(first), ...many(second)];
    expect(new Set(all.map(({ id }) => id)).size).toBe(55);
    const times = all.map(({ updated_at: time }) => String(time));
    expect(times).toEqual(times.toSorted().reverse());
    expect(times[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const since = Math.floor(Date.parse(times[9] ?? '') / 1000);
    const later = (await open.ask(`GET /macros?updated_since=${since}`)).json;
    expect(later.data.map(({ id }) => id)).toEqual(all.slice(0, 10).map(({ id }) => id));
    expect((await open.ask('GET /macros?starting_after=x')).status).toBe(400);
  });
});

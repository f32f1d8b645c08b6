import { beforeAll, describe, expect, test } from 'vitest';
import type { ContactDetails, JsonObject, World } from '../../src/sandbox/world.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { type Answer, type OpenSandbox, openSandbox, searchBody } from './support.ts';

const OPTIONS = { seed: 23, conversations: 20, contacts: 1_500, companies: 400 };

describe('what hangs at a contact', () => {
  let world: World;
  let details: ContactDetails[];
  beforeAll(async () => {
    world = await createWorld(OPTIONS);
    details = Array.from({ length: world.contacts.count }, (_, index) => world.contactDetails(index));
  });
  const indexOf = (has: (each: ContactDetails) => boolean): number => details.findIndex(has);
  const pagesOf = async (open: OpenSandbox, path: string): Promise<Answer[]> => {
    const pages: Answer[] = [];
    for (let page = 1; page === 1 || pages.at(-1)?.pages.next; page += 1)
      pages.push((await open.ask(`GET ${path}?page=${page}`)).json);
    return pages;
  };

  test.each(['tags', 'notes', 'companies'] as const)(
    '%s: ten are shown, all are in their own list',
    async (list) => {
      await using open = await openSandbox(OPTIONS);
      const index = indexOf((each) => each[list].length > 10);
      const all = details[index]?.[list] ?? [];
      const id = world.contacts.id(index);
      const contact = (await open.ask(`GET /contacts/${id}`)).json as unknown as Record<string, JsonObject>;
      expect(contact[list]).toMatchObject({
        total_count: all.length,
        has_more: true,
        url: `/contacts/${id}/${list}`,
      });
      const shown = ((contact[list]?.data ?? []) as JsonObject[]).map((each) => each.id);
      const ids = all.map((each) => (typeof each === 'string' ? each : each.id));
      expect(shown).toEqual(ids.slice(0, 10));
      const pages =
        list === 'tags'
          ? [(await open.ask(`GET /contacts/${id}/tags`)).json]
          : await pagesOf(open, `/contacts/${id}/${list}`);
      expect(pages.flatMap(({ data }) => data.map((each) => each.id))).toEqual(ids);
    },
  );

  test('more than a page of notes and of companies occurs', () => {
    expect(indexOf(({ notes }) => notes.length > 50)).toBeGreaterThanOrEqual(0);
    expect(indexOf(({ companies }) => companies.length > 50)).toBeGreaterThanOrEqual(0);
  });

  test('segments and subscriptions are listed nowhere else', async () => {
    await using open = await openSandbox(OPTIONS);
    const index = indexOf(({ segments, optedIn }) => segments.length > 1 && optedIn.length > 0);
    const at = `/contacts/${world.contacts.id(index)}`;
    const segments = (await open.ask(`GET ${at}/segments`)).json.data;
    expect(segments.map(({ id }) => id)).toEqual(details[index]?.segments);
    const subscriptions = (await open.ask(`GET ${at}/subscriptions`)).json.data;
    expect(subscriptions.map(({ id }) => id)).toEqual([
      ...(details[index]?.optedOut ?? []),
      ...(details[index]?.optedIn ?? []),
    ]);
    const found = (
      await open.ask(
        'POST /contacts/search',
        searchBody({ query: { field: 'segment_id', operator: '=', value: details[index]?.segments[0] } }),
      )
    ).json;
    const members = details.filter(({ segments: ids }) => ids.includes(details[index]?.segments[0] ?? ''));
    expect(found.total_count).toBe(members.length);
    expect((await open.ask('GET /contacts/nobody/segments')).status).toBe(404);
  });

  test('a search by tag finds also the eleventh', async () => {
    await using open = await openSandbox(OPTIONS);
    const eleventh = details[indexOf(({ tags }) => tags.length > 10)]?.tags[10]?.id;
    const query = { field: 'tag_id', operator: '=', value: eleventh };
    const { total_count: total } = (await open.ask('POST /contacts/search', searchBody({ query }))).json;
    expect(total).toBe(details.filter(({ tags }) => tags.some(({ id }) => id === eleventh)).length);
  });

  test('merges: who went into a contact, also over another, in pages, and in the contact when asked', async () => {
    await using open = await openSandbox(OPTIONS);
    const users = details
      .map((_, index) => index)
      .filter((index) => world.contacts.object(index).role === 'user');
    const [a = '', b = '', c = ''] = users.slice(0, 3).map((index) => world.contacts.id(index));
    open.sandbox.mutate.mergeContact(a, b);
    open.sandbox.mutate.mergeContact(b, c);
    const history = (await open.ask(`GET /contacts/${c}/merge_history`)).json;
    expect(history).toMatchObject({ next_cursor: null, has_more: false });
    expect(history.data.map(({ source_contact_id: id }) => id)).toEqual([a, b]);
    const one = (await open.ask(`GET /contacts/${c}/merge_history?per_page=1`)).json as unknown as {
      next_cursor: string;
    };
    const rest = await open.ask(`GET /contacts/${c}/merge_history?per_page=1&cursor=${one.next_cursor}`);
    expect(rest.json.data.map(({ source_contact_id: id }) => id)).toEqual([b]);
    const asked = (await open.ask(`GET /contacts/${c}?include_merge_history=true`)).json;
    expect(asked).toMatchObject({ merge_history: history.data });
    expect((await open.ask(`GET /contacts/${c}`)).json).not.toHaveProperty('merge_history');
  });
});

test('companies: as many as are asked for, whatever the conversations; their segments in a list of their own', async () => {
  await using open = await openSandbox({ seed: 23, conversations: 5, companies: 10_500 });
  expect(open.world.companies.count).toBe(10_500);
  const { total_count: total } = (await open.ask('POST /companies/list', {})).json;
  expect(total).toBeGreaterThan(10_000);
  expect(total).toBeLessThan(10_500);
  const { json } = await open.ask(`GET /companies/${open.world.companies.id(4)}/segments`);
  expect(json.data.length).toBeGreaterThan(0);
  expect((await open.ask('GET /companies/nobody/segments')).status).toBe(404);
});

import { expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { allConversations, allPages, openSandbox } from './support.ts';

const bytesOf = async (seed: number): Promise<string> => {
  const world = await createWorld({ seed, conversations: 300, incident: true });
  const contacts = Array.from({ length: world.contacts.count }, (_, index) => world.contacts.object(index));
  const companies = Array.from({ length: world.companies.count }, (_, index) =>
    world.companies.object(index),
  );
  const { workspace, me, lists } = world;
  const details = contacts.map((_, index) => world.contactDetails(index));
  return JSON.stringify({
    workspace,
    me,
    lists,
    details,
    contacts,
    companies,
    all: allConversations(world),
  });
};

test('the same seed gives the same bytes, another seed others', async () => {
  const [first, again, other] = await Promise.all([bytesOf(7), bytesOf(7), bytesOf(8)]);
  expect(first === again).toBe(true);
  expect(first === other).toBe(false);
});

test('another seed gives other words, times and people', async () => {
  const [one, two] = await Promise.all([7, 8].map((seed) => createWorld({ seed, conversations: 50 })));
  const texts = [one, two].map((world) =>
    allConversations(world as NonNullable<typeof world>).map(({ source }) => source.body),
  );
  expect(texts[0]).not.toEqual(texts[1]);
  expect(one?.conversations.times.created_at).not.toEqual(two?.conversations.times.created_at);
  expect(one?.contacts.object(3).name).not.toEqual(two?.contacts.object(3).name);
});

test('objects do not depend on what was asked before', async () => {
  const [forward, backward] = await Promise.all(
    [1, 2].map(() => createWorld({ seed: 5, conversations: 60 })),
  );
  const order = Array.from({ length: 60 }, (_, index) => index);
  const one = order.map((index) => forward?.conversations.object(index));
  const two = order.toReversed().map((index) => backward?.conversations.object(index));
  expect(two.toReversed()).toEqual(one);
});

test('an object by its id is the object by its index', async () => {
  const { conversations, contacts, companies } = await createWorld({ seed: 3, conversations: 200 });
  for (const collection of [conversations, contacts, companies]) {
    for (let index = 0; index < collection.count; index += 1) {
      const object = collection.object(index);
      expect(collection.indexOf(collection.id(index))).toBe(index);
      expect(object.id).toBe(collection.id(index));
      expect(object.created_at).toBe(collection.times.created_at[index]);
      expect(object.updated_at).toBe(collection.times.updated_at[index]);
    }
  }
});

test('ids that the world did not give are nobody’s', async () => {
  const { conversations, contacts } = await createWorld({ seed: 3, conversations: 20 });
  const outside = [conversations.id(20), '1', '', 'abc', '215470000000001', `${conversations.id(1)}.0`];
  expect(outside.map((id) => conversations.indexOf(id))).toEqual(outside.map(() => undefined));
  const strangers = [contacts.id(contacts.count), contacts.id(1).toUpperCase(), contacts.id(1).slice(1), 'x'];
  expect(strangers.map((id) => contacts.indexOf(id))).toEqual(strangers.map(() => undefined));
});

test.each([0, 1, 149, 150, 151, 300])(
  'a world of %i conversations is listed whole, each once',
  async (count) => {
    await using open = await openSandbox({ seed: 4, conversations: count });
    const pages = await allPages(open.ask, { field: 'created_at' });
    const ids = pages.flatMap(({ conversations }) => conversations.map(({ id }) => id));
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => open.world.conversations.id(index)));
    expect(pages).toHaveLength(Math.max(1, Math.ceil(count / 150)));
    expect(pages.map(({ total_count: total }) => total)).toEqual(pages.map(() => count));
    expect(pages[0]?.pages).toMatchObject({ page: 1, per_page: 150, total_pages: Math.ceil(count / 150) });
    expect(pages.at(-1)?.pages).not.toHaveProperty('next');
  },
);

import { beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../src/sandbox/api/api.ts';
import { DEFAULT_BEHAVIOUR } from '../../src/sandbox/api/behaviour.ts';
import { createRouter } from '../../src/sandbox/api/routes.ts';
import { createLiveWorld } from '../../src/sandbox/live/live-world.ts';
import { createMutations, type Mutations } from '../../src/sandbox/live/mutations.ts';
import type { Collection, JsonObject, World } from '../../src/sandbox/world.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { type Answer, nextCursor, searchBody } from './support.ts';

const COUNT = 200_000;
const NOW = 1_795_000_000;

/** A world that counts how many of its objects are built. */
const counting = (world: World): { world: World; built(): number } => {
  let built = 0;
  const watch = (collection: Collection): Collection => ({
    ...collection,
    object(index) {
      built += 1;
      return collection.object(index);
    },
  });
  return {
    world: { ...world, conversations: watch(world.conversations), contacts: watch(world.contacts) },
    built: () => built,
  };
};

describe('with two hundred thousand conversations', () => {
  let search: (path: string, body: Record<string, unknown>) => { answer: Answer; built: number };
  let mutate: Mutations;
  let world: World;
  beforeAll(async () => {
    const counted = counting(await createWorld({ seed: 1, conversations: COUNT }));
    ({ world } = counted);
    const live = createLiveWorld(world, { now: () => NOW, indexLag: () => 0 });
    mutate = createMutations(live);
    const route = createRouter(createApi(live, () => DEFAULT_BEHAVIOUR));
    search = (path, body) => {
      const before = counted.built();
      const answer = route({
        method: 'POST',
        path,
        query: new URLSearchParams(),
        body: body as JsonObject,
        token: 'x',
        version: '2.16',
      }) as unknown as Answer;
      return { answer, built: counted.built() - before };
    };
  });

  const window = (field: string) => ({
    operator: 'AND',
    value: [
      { field, operator: '>', value: 1_740_000_000 },
      { field, operator: '<', value: 1_790_000_000 },
    ],
  });

  test.each(['created_at', 'updated_at'])(
    'a page of a window of %s builds its own objects only, wherever it is',
    (field) => {
      let cursor: string | undefined;
      for (let page = 1; page <= 20; page += 1) {
        const { answer, built } = search(
          '/conversations/search',
          searchBody({ query: window(field), field }, cursor),
        );
        expect(answer.conversations).toHaveLength(150);
        expect(built).toBe(150);
        cursor = nextCursor(answer);
      }
      expect(
        search('/conversations/search', searchBody({ query: window(field), field, perPage: 1 })).built,
      ).toBe(1);
    },
  );

  test('so it is after changes', () => {
    for (let index = 0; index < 300; index += 1) mutate.touch(world.conversations.id(index * 500));
    const body = searchBody({ query: window('updated_at'), field: 'updated_at' });
    expect(search('/conversations/search', body).built).toBeLessThanOrEqual(150);
  });

  test('a window of the other time costs its page, too', () => {
    const body = searchBody({ query: window('created_at'), field: 'updated_at', order: 'descending' });
    expect(search('/conversations/search', body).built).toBeLessThanOrEqual(150);
  });

  test('contacts by day cost their page', () => {
    const query = {
      operator: 'OR',
      value: ['=', '>'].map((operator) => ({ field: 'updated_at', operator, value: 1_780_000_000 })),
    };
    const { answer, built } = search(
      '/contacts/search',
      searchBody({ query, field: 'updated_at', order: 'descending' }),
    );
    expect(answer.total_count).toBeGreaterThan(1_000);
    expect(built).toBe(150);
  });

  test('other filters look at each object once: the next page is as cheap as any', () => {
    const query = {
      operator: 'AND',
      value: [
        { field: 'created_at', operator: '>', value: 1_792_500_000 },
        { field: 'state', operator: '=', value: 'open' },
      ],
    };
    const first = search('/conversations/search', searchBody({ query, field: 'created_at' }));
    expect(first.built).toBeGreaterThan(1_000);
    const second = search(
      '/conversations/search',
      searchBody({ query, field: 'created_at' }, nextCursor(first.answer)),
    );
    expect(second.built).toBe(second.answer.conversations.length);
  });
});

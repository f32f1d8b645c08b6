import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SearchConversationsArgs } from '../../src/data/reads/search-conversations.ts';
import { analyseQueryRun } from '../../src/lib/text/analyse.ts';
import type { Fence } from '../../src/data/writes/fence.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { beginSync, type ConversationSpec, mirror, WORKSPACE } from './builders.ts';
import { describeWithPostgres } from '../support/postgres.ts';
import { ENGINES, type TestPlace } from './engines.ts';
import { where } from '../support/search-where.ts';

const workspaceId = WORKSPACE.id;
const ROUNDS = 40;
const PER_ROUND = 12;
const IDS = 160;

const generator = (seed: number) => () => {
  let t = (seed += 0x6d2b79f5);
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const WORDS = ['refund', 'card', 'order', 'the', 'the', 'the', 'login', 'error', 'please', 'thanks'];

interface Stored {
  readonly spec: ConversationSpec;
  readonly parts: readonly (readonly string[])[];
  readonly state: string;
  readonly tag: string;
}

/** What every engine is told, round by round, and what is then true. */
const script = () => {
  const random = generator(77);
  const whole = (below: number): number => Math.floor(random() * below);
  const truth = new Map<string, Stored>();
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    const ids = [...new Set(Array.from({ length: PER_ROUND }, () => String(1_000 + whole(IDS))))];
    const specs = ids.map((id) => {
      const parts = Array.from({ length: 1 + whole(4) }, () =>
        Array.from({ length: 1 + whole(7) }, () => WORDS[whole(WORDS.length)] ?? 'the'),
      );
      const state = random() < 0.5 ? 'open' : 'closed';
      const tag = `tag-${whole(3)}`;
      const [opening = [], ...rest] = parts;
      const spec: ConversationSpec = {
        id,
        // The same creation time for a conversation in all of its versions, and many of the same second.
        created_at: 1_700_000_000 + (Number(id) % 40),
        updated_at: 1_700_100_000 + round,
        opening: opening.join(' '),
        parts: rest.map((words, index) => ({ id: `${id}${index}`, body: words.join(' ') })),
        fields: { state, tags: { tags: [{ id: tag, name: tag }] } },
      };
      truth.set(id, { spec, parts, state, tag });
      return spec;
    });
    const gone = random() < 0.2 ? ids.slice(0, 1) : [];
    for (const id of gone) truth.delete(id);
    return { specs, gone };
  });
  return { rounds, truth };
};

const holds = (parts: Stored['parts'], phrase: string): boolean =>
  parts.some((words) => ` ${words.join(' ')} `.includes(` ${phrase} `));

describeWithPostgres('the search index after many changes', () => {
  const { rounds, truth } = script();
  const places: TestPlace[] = [];
  const stores: OpenedStore[] = [];
  const fences: Fence[] = [];

  const remove = async (store: OpenedStore, fence: Fence, id: string): Promise<void> => {
    await store.write('applyDeletions', { fence, deleted: [{ id, deletedAt: 2 }] });
  };

  beforeAll(async () => {
    for (const engine of ENGINES) {
      const place = await engine.create();
      places.push(place);
      const store = await place.open();
      stores.push(store);
      const fence = await beginSync(store);
      fences.push(fence);
      for (const { gone, specs } of rounds) {
        await mirror(store, fence, specs);
        for (const id of gone) await remove(store, fence, id);
      }
      await store.write('mergeSearchIndex', { fence });
    }
  });
  afterAll(async () => {
    for (const place of places) await place.drop();
  });

  const ask = async (query: Partial<SearchConversationsArgs>) => {
    const args = { workspaceId, loose: [], where: where(), order: 'newest' as const, limit: 1_000, ...query };
    const answers = [];
    for (const store of stores) {
      const { hasMore, rows, total } = await store.read('searchConversations', args);
      answers.push({
        total,
        hasMore,
        rows: rows.map(({ id, match, position }) => [id, position.score, match?.snippet]),
      });
    }
    expect(answers[1]).toEqual(answers[0]);
    const [first] = answers;
    if (first === undefined) throw new Error('no engine');
    return { ...first, ids: first.rows.map(([id]) => String(id)) };
  };
  const having = (test: (stored: Stored) => boolean): string[] =>
    [...truth].flatMap(([id, stored]) => (test(stored) ? [id] : [])).sort();

  it('holds every living conversation once, in its newest version', async () => {
    const { ids, total } = await ask({});
    expect([...ids].sort()).toEqual(having(() => true));
    expect(total).toBe(truth.size);
    const expected = [...truth.values()]
      .map(({ spec }) => spec)
      .sort((a, b) => (b.created_at ?? 0) - (a.created_at ?? 0) || Number(b.id) - Number(a.id));
    expect(ids).toEqual(expected.map((spec) => spec.id));
    expect((await ask({ order: 'oldest' })).ids).toEqual(expected.map((spec) => spec.id).reverse());
  });

  it.each(['refund', 'the', 'login error', 'the the card'])(
    'finds "%s" as words and as a phrase',
    async (text) => {
      const words = text.split(' ');
      const asWords = await ask({ loose: words.map(analyseQueryRun), order: 'relevance' });
      expect([...asWords.ids].sort()).toEqual(
        having(({ parts }) => words.every((word) => parts.some((part) => part.includes(word)))),
      );
      const asPhrase = await ask({ loose: [analyseQueryRun(text)], order: 'relevance' });
      expect([...asPhrase.ids].sort()).toEqual(having(({ parts }) => holds(parts, text)));
      // Where the words stand together, they stand first.
      const together = new Set(asPhrase.ids);
      if (words.length === 2) {
        const flags = asWords.ids.map((id) => together.has(id));
        expect(flags.slice(0, 3)).toEqual([true, true, true]);
      }
    },
  );

  it('filters by state, tag and time, with words and without', async () => {
    const time = { field: 'created_at' as const, start: 1_700_000_010, end: 1_700_000_020 };
    const filters = { state: 'open', tagIds: ['tag-1', 'tag-2', 'no-tag'], time };
    const passes = ({ spec, state, tag }: Stored): boolean =>
      state === 'open' &&
      tag !== 'tag-0' &&
      (spec.created_at ?? 0) >= time.start &&
      (spec.created_at ?? 0) < time.end;
    expect([...(await ask({ where: where(filters) })).ids].sort()).toEqual(having(passes));
    const withWord = await ask({ where: where(filters), loose: [analyseQueryRun('the')] });
    expect([...withWord.ids].sort()).toEqual(
      having((stored) => passes(stored) && stored.parts.some((part) => part.includes('the'))),
    );
    const updated = { field: 'updated_at' as const, start: 1_700_100_030 };
    expect([...(await ask({ where: where({ time: updated }) })).ids].sort()).toEqual(
      having(({ spec }) => (spec.updated_at ?? 0) >= updated.start),
    );
    expect((await ask({ where: where({ tagIds: [] }) })).total).toBe(0);
    expect((await ask({ where: where({ ids: ['1001', '1002', 'nobody'] }) })).ids.length).toBe(
      having(({ spec }) => spec.id === '1001' || spec.id === '1002').length,
    );
  });

  it.each(['relevance', 'newest', 'oldest'] as const)(
    'gives the same rows page by page, %s',
    async (order) => {
      const clauses = [analyseQueryRun('the'), analyseQueryRun('card')];
      const whole = await ask({ loose: clauses, order });
      expect(whole.ids.length).toBeGreaterThan(20);
      for (const [index, store] of stores.entries()) {
        const ids: string[] = [];
        let after: SearchConversationsArgs['after'];
        for (;;) {
          const page = await store.read('searchConversations', {
            workspaceId,
            loose: clauses,
            where: where(),
            order,
            limit: 7,
            ...(after ? { after } : {}),
          });
          ids.push(...page.rows.map((row) => row.id));
          expect(page.total).toBe(whole.total);
          if (!page.hasMore) break;
          after = page.rows.at(-1)?.position;
        }
        expect(ids, `engine ${index}`).toEqual(whole.ids);
      }
    },
  );

  it('finds a single character of a script without spaces in any place', async () => {
    const texts = ['我要退款', '退货', '快退', '進退', 'no'];
    for (const [index, store] of stores.entries()) {
      await mirror(
        store,
        fences[index] as Fence,
        texts.map((opening, text) => ({ id: String(5_000 + text), opening, updated_at: 1_800_000_001 })),
      );
    }
    const { ids } = await ask({ loose: [analyseQueryRun('退')] });
    expect([...ids].sort()).toEqual(['5000', '5001', '5002', '5003']);
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SearchConversationsArgs } from '../../src/data/reads/search-conversations.ts';
import { analyseQueryRun } from '../../src/lib/text/analyse.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { beginSync, type ConversationSpec, mirror, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { type Filters, where } from '../support/search-where.ts';

const WORDS = [
  'refund',
  'card',
  'Wörld',
  'don’t',
  'v2.6.8',
  'a@b.example',
  '退款',
  '没有收到',
  'ขอคืนเงิน',
  'お元気',
  '환불',
  'ERR-42',
  '50%',
  '元',
];

/** A deterministic mulberry32, so that the documents are the same on both engines and in every run. */
const generator = (seed: number) => () => {
  let t = (seed += 0x6d2b79f5);
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const documents = (): { spec: ConversationSpec; texts: string[] }[] => {
  const random = generator(7);
  const pick = () => WORDS[Math.floor(random() * WORDS.length)] ?? 'card';
  const sentence = () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, pick).join(random() < 0.3 ? '' : ' ');
  return Array.from({ length: 60 }, (_, index) => {
    const texts = Array.from({ length: 1 + Math.floor(random() * 4) }, sentence);
    const [opening = '', ...parts] = texts;
    const spec = {
      id: String(100 + index),
      created_at: 1_700_000_000 + Math.floor(index / 3) * 60,
      opening,
      parts: parts.map((body, part) => ({ id: index * 10 + part + 1, body })),
      fields: {
        state: index % 2 === 0 ? 'open' : 'closed',
        tags: { tags: index % 5 === 0 ? [{ id: 'tag-1', name: 'Bug' }] : [] },
        admin_assignee_id: index % 3 === 0 ? 11 : null,
      },
    };
    return { spec, texts };
  });
};

/** An oracle that shares nothing with the index: fold and cut by hand, look for the pieces in each message. */
const normalise = (text: string): string =>
  ` ${text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    // A border between scripts separates like a space does.
    .replace(
      /(?<=[ก-๛぀-ヿ一-鿿가-힣])(?=[^ก-๛぀-ヿ一-鿿가-힣 ])|(?<=[^ก-๛぀-ヿ一-鿿가-힣 ])(?=[ก-๛぀-ヿ一-鿿가-힣])/gu,
      ' ',
    )
    .trim()} `;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;
/** A phrase stands in a message when its characters do, at word borders where the script has spaces. */
const contains = (text: string, phrase: string): boolean => {
  const hay = normalise(text);
  const needle = normalise(phrase).trim();
  if (needle === '') return false;
  for (let at = hay.indexOf(needle); at >= 0; at = hay.indexOf(needle, at + 1)) {
    const before = hay[at - 1] ?? ' ';
    const after = hay[at + needle.length] ?? ' ';
    const first = needle[0] ?? '';
    const last = needle.at(-1) ?? '';
    const startsOk = UNSPACED.test(first) || before === ' ' || UNSPACED.test(before);
    const endsOk = UNSPACED.test(last) || after === ' ' || UNSPACED.test(after);
    if (startsOk && endsOk) return true;
  }
  return false;
};

describeEngines('search', (create) => {
  const docs = documents();
  let place: TestPlace;
  let store: OpenedStore;
  const workspaceId = WORKSPACE.id;

  beforeAll(async () => {
    place = await create();
    store = await place.open();
    const fence = await beginSync(store);
    await mirror(
      store,
      fence,
      docs.map((doc) => doc.spec),
    );
    await store.write('applyContactPage', {
      fence,
      step: { scanId: 'none', windowNo: 0, nextCursor: null },
      contacts: [
        {
          columns: {
            id: 'contact-1',
            external_id: null,
            role: 'user',
            name: 'Ann',
            email: 'Ann@Example.com',
            email_key: 'ann@example.com',
            phone: null,
            created_at: 1,
            updated_at: 1,
          },
          lists: { tags: undefined, notes: undefined, companies: undefined },
          attributes: [],
          payload: '{}',
        },
      ],
      fetchedAt: 1,
    });
  });
  afterAll(() => place.drop());

  const args = (
    queries: readonly string[],
    more: Partial<SearchConversationsArgs> = {},
  ): SearchConversationsArgs => ({
    workspaceId,
    loose: queries.map((query) => analyseQueryRun(query)).filter((clause) => clause.length > 0),
    where: where(),
    order: 'newest',
    limit: 1_000,
    ...more,
  });
  const ids = async (search: SearchConversationsArgs) =>
    (await store.read('searchConversations', search)).rows.map((row) => row.id);

  it('finds what an oracle finds, for any words and phrases of the messages', async () => {
    const phrase = fc
      .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
      .chain((words) => fc.constantFrom(words.join(' '), words.join('')));
    await fc.assert(
      fc.asyncProperty(fc.array(phrase, { minLength: 1, maxLength: 2 }), async (phrases) => {
        const expected = docs
          .filter((doc) => phrases.every((wanted) => doc.texts.some((text) => contains(text, wanted))))
          .map((doc) => doc.spec.id)
          .sort();
        expect((await ids(args(phrases))).sort()).toEqual(expected);
      }),
      { numRuns: 150, seed: 11 },
    );
  });

  it('finds every substring of a message in a script without spaces', async () => {
    const random = generator(3);
    for (const doc of docs) {
      for (const text of doc.texts) {
        const run = /[\p{Script=Han}\p{Script=Thai}\p{Script=Hiragana}]{2,}/u.exec(
          text.normalize('NFKD').normalize('NFC'),
        )?.[0];
        if (run === undefined) continue;
        const points = [...run];
        const start = Math.floor(random() * points.length);
        const cut = points.slice(start, start + 1 + Math.floor(random() * (points.length - start))).join('');
        expect(await ids(args([cut])), `${cut} of ${run}`).toContain(doc.spec.id);
      }
    }
  });

  it('never matches a phrase across two messages', async () => {
    const other = await create();
    try {
      const fresh = await other.open();
      const fence = await beginSync(fresh);
      await mirror(fresh, fence, [
        { id: '1', opening: 'ends with alpha', parts: [{ id: 1, body: 'beta begins' }] },
      ]);
      const found = async (query: string) => (await fresh.read('searchConversations', args([query]))).total;
      expect(await found('alpha beta')).toBe(0);
      expect(await found('beta begins')).toBe(1);
    } finally {
      await other.drop();
    }
  });

  it('filters by state, tag, assignee, e-mail, ids and time', async () => {
    const expectIds = async (
      filters: Filters,
      keep: (doc: (typeof docs)[number], index: number) => boolean,
    ) =>
      expect((await ids(args([], { where: where(filters) }))).sort()).toEqual(
        docs
          .filter(keep)
          .map((doc) => doc.spec.id)
          .sort(),
      );
    await expectIds({ state: 'open' }, (_, index) => index % 2 === 0);
    await expectIds({ tagIds: ['tag-1'] }, (_, index) => index % 5 === 0);
    await expectIds({ tagIds: [] }, () => false);
    await expectIds({ adminAssigneeId: '11' }, (_, index) => index % 3 === 0);
    await expectIds({ person: 'ann@example.com' }, () => true);
    await expectIds({ person: 'bob@example.com' }, () => false);
    await expectIds({ ids: ['100', '103', 'nobody'] }, (doc) => ['100', '103'].includes(doc.spec.id));
    const [start, end] = [1_700_000_060, 1_700_000_180];
    await expectIds(
      { time: { field: 'created_at', start, end } },
      (doc) => (doc.spec.created_at ?? 0) >= start && (doc.spec.created_at ?? 0) < end,
    );
  });

  for (const order of ['newest', 'oldest', 'relevance'] as const) {
    it(`pages through all rows once, ${order}`, async () => {
      const whole = await store.read('searchConversations', args(['card'], { order }));
      const seen: string[] = [];
      let after: SearchConversationsArgs['after'];
      for (let pages = 0; pages < 100; pages += 1) {
        const page = await store.read(
          'searchConversations',
          args(['card'], { order, limit: 4, ...(after ? { after } : {}) }),
        );
        expect(page.total).toBe(whole.total);
        seen.push(...page.rows.map((row) => row.id));
        after = page.rows.at(-1)?.position;
        if (!page.hasMore) break;
      }
      expect(seen).toEqual(whole.rows.map((row) => row.id));
      expect(seen.length).toBe(whole.total);
      expect(whole.total).toBeGreaterThan(8);
    });
  }

  it('orders by time and id, and by relevance with the better match first', async () => {
    const newest = await store.read('searchConversations', args(['card']));
    const keys = newest.rows.map((row) => [row.position.createdAt, row.id] as const);
    expect(keys).toEqual([...keys].sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1)));
    const ranked = await store.read('searchConversations', args(['card'], { order: 'relevance' }));
    const scores = ranked.rows.map((row) => row.position.score ?? 0);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBeGreaterThan(1);
  });

  it('shows the message that matched', async () => {
    const { rows } = await store.read('searchConversations', args(['ERR-42']));
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      const highlighted = row.match?.highlights.map(([start, end]) => row.match?.snippet.slice(start, end));
      expect(highlighted).toContain('ERR-42');
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueryService } from '../../src/query/create-query-service.ts';
import { exportConversations } from '../../src/query/export-conversations.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import type { FindTrendsInput, TrendRow } from '../../src/query/trend-types.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import type { ExportedConversation } from '../support/analytics-oracle.ts';
import { beginSync, type ConversationSpec, mirror } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const DAY = 86_400;
/** Midnight in the workspace's zone, Europe/Berlin. */
const WINDOW = Date.parse('2026-03-08T23:00:00Z') / 1000;
const NOW = WINDOW + 7 * DAY - 3_600;
const SUBJECTS = ['invoice', 'password', 'parcel', 'export', 'seat', 'domain'];
const PERSON = (id: number) => ({ type: 'user', id: `c${id}`, name: 'Ann' });

/** Ten conversations a day for five weeks, of six subjects in turn. */
const everyday = (): ConversationSpec[] =>
  Array.from({ length: 350 }, (_, index) => {
    const day = Math.floor(index / 10) - 28;
    const subject = SUBJECTS[index % SUBJECTS.length];
    return {
      id: String(1_000 + index),
      created_at: WINDOW + day * DAY + 3_600 * (8 + (index % 10)),
      parts: [{ id: `p${index}`, body: `<p>turbine answer about the ${subject}</p>` }],
      fields: about(index, `please help me with my ${subject}`, {
        tags: day < 0 && index % 12 === 0 ? ['old'] : [],
        Plan: index % 2 === 0 ? 'Pro' : 'Free',
      }),
    };
  });

const about = (
  person: number,
  text: string,
  { Plan, tags }: { readonly tags: readonly string[]; readonly Plan: string },
): Record<string, unknown> => ({
  source: { type: 'email', id: `s${person}`, body: `<p>${text}</p>`, author: PERSON(person) },
  contacts: { contacts: [{ type: 'contact', id: `c${person}` }] },
  tags: { type: 'tag.list', tags: tags.map((tag) => ({ type: 'tag', id: tag, name: `The ${tag} one` })) },
  custom_attributes: { Plan },
});

/** From the third day of the window on: an outage; a plan; and one customer who writes again and again. */
const planted = (): ConversationSpec[] => [
  ...Array.from({ length: 24 }, (_, index) => ({
    id: String(5_000 + index),
    created_at: WINDOW + 2 * DAY + 3_600 * (1 + 2 * index),
    fields: about(2_000 + index, `the webhook <b>gateway</b> fails with GW-517 ${index % 2 ? 'today' : ''}`, {
      tags: ['incident'],
      Plan: 'Free',
    }),
  })),
  ...Array.from({ length: 16 }, (_, index) => ({
    id: String(6_000 + index),
    created_at: WINDOW + DAY + 3_600 * (1 + 6 * index),
    fields: about(3_000 + index, 'how much is it', { tags: [], Plan: 'Enterprise' }),
  })),
  ...Array.from({ length: 20 }, (_, index) => ({
    id: String(7_000 + index),
    created_at: WINDOW + 3_600 * (1 + 7 * index),
    fields: about(4_000, 'my hamster again', { tags: [], Plan: 'Free' }),
  })),
  {
    id: '9999',
    created_at: WINDOW + 3 * DAY,
    fields: about(9_999, 'gateway deleted', { tags: [], Plan: 'Free' }),
  },
];

/** Words of a message, as a reader would tell them. */
const wordsOf = (body: string): string[] =>
  body
    .replaceAll(/<[^>]*>/g, ' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);

const hasTerm = (doc: ExportedConversation, { field, value }: TrendRow): boolean => {
  if (field === null)
    return doc.parts.some(
      ({ author, body }) => author?.type === 'user' && wordsOf(body ?? '').includes(value),
    );
  if (field === 'tag') return doc.tags.tags.some(({ id }) => id === value);
  const found = field === 'channel' ? doc.source.type : doc.custom_attributes.Plan;
  return String(found).toLowerCase() === value;
};

describeEngines('trends', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let query: QueryService;
  const trends = (input: FindTrendsInput = {}) => query.findTrends(input);

  beforeAll(async () => {
    place = await create();
    store = await place.open();
    const fence = await beginSync(store);
    await mirror(store, fence, [...everyday(), ...planted()]);
    await store.write('applyDeletions', { fence, deleted: [{ id: '9999', deletedAt: NOW }] });
    query = createQueryService({ reader: store, logger: silentLogger, clock: { now: () => NOW * 1000 } });
  });
  afterAll(() => place.drop());

  it('are what was planted: each once, with what belongs to it, and the first day of it', async () => {
    const { results, summary } = await trends();
    expect(summary.window).toEqual({
      start: '2026-03-08T23:00:00Z',
      end: '2026-03-15T23:00:00Z',
      conversations: 130,
    });
    expect(summary.baseline.conversations).toBe(280);
    const [outage, second] = results;
    expect(outage).toMatchObject({ kind: 'word', direction: 'new', strength: 'strong', ratio: null });
    expect(outage?.window).toEqual({ count: 24, of: 130, share: 0.1846 });
    expect(outage?.started_at).toBe('2026-03-11');
    const named = [outage, ...(outage?.related ?? [])].map((term) => term?.value);
    expect(named).toEqual(expect.arrayContaining(['gateway', 'webhook', 'gw', 'incident', 'fails']));
    expect(outage?.related.find(({ kind }) => kind === 'tag')).toMatchObject({
      field: 'tag',
      value: 'incident',
    });
    expect(outage?.examples).toHaveLength(3);
    expect(outage?.examples[0]).toMatchObject({ id: expect.stringMatching(/^50\d\d$/), title: null });
    expect(outage?.examples[0]?.snippet).toContain('gateway');
    for (const row of results.slice(1)) expect(named).not.toContain(row.value);
    expect([second, ...(second?.related ?? [])]).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'attribute', value: 'enterprise' })]),
    );
    expect(second?.started_at).toBe('2026-03-10');
  });

  it('count every conversation once, as the export has them', async () => {
    const all: ExportedConversation[] = [];
    for await (const line of exportConversations({ reader: store, logger: silentLogger }))
      all.push(JSON.parse(line) as ExportedConversation);
    const inSpan = ({ end, start }: { readonly start: string; readonly end: string }) =>
      all.filter(
        ({ created_at: at }) => Date.parse(at) >= Date.parse(start) && Date.parse(at) < Date.parse(end),
      );
    for (const input of [
      {},
      { timeframe: '2026-03-10..2026-03-12', baseline: '10 days' },
      { baseline: 'previous' },
    ]) {
      const { results, summary } = await trends({ ...input, limit: 50 });
      const [window, baseline] = [inSpan(summary.window), inSpan(summary.baseline)];
      expect([summary.window.conversations, summary.baseline.conversations]).toEqual([
        window.length,
        baseline.length,
      ]);
      expect(results.length).toBeGreaterThan(0);
      for (const row of results) {
        const count = (docs: readonly ExportedConversation[]) =>
          docs.filter((doc) => hasTerm(doc, row)).length;
        expect([row.value, row.window.count, row.baseline.count]).toEqual([
          row.value,
          count(window),
          count(baseline),
        ]);
      }
    }
  });

  it('tell what fell and what is gone', async () => {
    const { results } = await trends({ limit: 50 });
    const old = results.find(({ value }) => value === 'old');
    expect(old).toMatchObject({ direction: 'gone', ratio: 0, name: null, window: { count: 0 } });
    expect(old?.examples[0]?.id).toMatch(/^1\d\d\d$/);
  });

  it('are no busier days, no words of teammates, and no single customer’s', async () => {
    const { results } = await trends({ limit: 50 });
    const strong = results.filter(({ strength }) => strength === 'strong').map(({ value }) => value);
    expect(strong).not.toContain('hamster');
    for (const subject of [...SUBJECTS, 'turbine']) expect(strong).not.toContain(subject);
    const byTeam = await trends({ query: 'from:team', limit: 50 });
    expect(byTeam.results.map(({ value }) => value)).not.toContain('gateway');
  });

  it('take filters of a search, and say what was compared', async () => {
    const { metadata, results, summary } = await trends({ query: 'attr.Plan:enterprise OR invoice -parcel' });
    expect(summary.window.conversations).toBeLessThan(40);
    expect(metadata.query).toBe('attr.Plan:enterprise OR invoice -parcel');
    expect(results.map(({ value }) => value)).not.toContain('gateway');
    const tagged = await trends({ tag: 'incident' });
    expect(tagged).toMatchObject({ results: [], summary: { baseline: { conversations: 0 } } });
    expect(tagged.metadata.filters_applied).toMatchObject({
      tag: 'incident',
      time: { field: 'created_at', start: '2026-03-08T23:00:00Z' },
      baseline: { start: '2026-02-08T23:00:00Z', end: '2026-03-08T23:00:00Z' },
    });
  });

  it('are none before anything changed, and it is said that nothing did', async () => {
    const { metadata, results, summary } = await trends({
      timeframe: '2026-02-23..2026-03-08',
      baseline: 'previous',
    });
    expect(results).toEqual([]);
    expect(summary.compared_terms).toBeGreaterThanOrEqual(10);
    expect(metadata.notes.join()).toMatch(/Nothing rose or fell beyond chance, of \d+ terms/);
  });

  it('are none where there is nothing to compare', async () => {
    const { metadata, results, summary } = await trends({ timeframe: '2020' });
    expect(results).toEqual([]);
    expect(summary).toMatchObject({ total_results: 0, compared_terms: 0, window: { conversations: 0 } });
    expect(metadata.notes.join()).toContain('the time frame has no conversations');
  });

  describe.each([
    [{ baseline: 'yore' }, 'TIMEFRAME_UNKNOWN'],
    [{ timeframe: 'soon' }, 'TIMEFRAME_UNKNOWN'],
    [{ baseline: 'this year', timeframe: '2025' }, 'ARGUMENT_INVALID'],
    [{ start_date: '2020-01-01' }, 'ARGUMENT_INVALID'],
    [{ end_date: '2026-03-01' }, 'ARGUMENT_INVALID'],
    [{ limit: 0 }, 'ARGUMENT_INVALID'],
    [{ limit: 51 }, 'ARGUMENT_INVALID'],
    [{ query: 'state:sleepy' }, 'QUERY_INVALID'],
  ] as const)('asked with %j', (input, code) => {
    it('are refused', async () => {
      await expect(trends(input)).rejects.toMatchObject({ code });
    });
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createQueryService } from '../../src/query/create-query-service.ts';
import type { SimilarAnswer } from '../../src/query/similar-types.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, type ConversationSpec, mirror } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const SUBJECTS = ['invoice', 'password', 'parcel', 'export', 'webhook', 'seat', 'domain', 'theme'];
const FILLER = 'please can you help me with this as soon as it is possible for you thanks';
const START = 1_700_000_000;

/** Three conversations of each subject, which say the same in other words, and one of another kind. */
const others = (): ConversationSpec[] =>
  SUBJECTS.flatMap((subject, index) =>
    Array.from({ length: 6 }, (_, copy) => ({
      id: String(100 + index * 10 + copy),
      created_at: START + index * 86_400 + copy,
      opening: `${FILLER} ${subject} ${subject}${copy % 2} problem`,
      parts: [{ id: index * 100 + copy, body: `we look at the ${subject} of yours ${FILLER}` }],
    })),
  );

const PLANTED: readonly ConversationSpec[] = [
  {
    id: '1',
    created_at: START,
    opening: 'The turbine dashboard shows kilowatt figures twice, error TB-512, onlyhere',
    parts: [{ id: 9001, body: 'Which inverter is it? please can you help me' }],
  },
  {
    id: '2',
    created_at: START + 40 * 86_400,
    opening: 'kilowatt figures on our turbine dashboard are doubled (TB-512)',
    parts: [{ id: 9002, body: 'the inverter is an old one' }],
    fields: { state: 'closed' },
  },
  { id: '3', created_at: START + 1, opening: 'error TB-512 on the dashboard of the turbine' },
  { id: '4', created_at: START + 2, opening: '登录页面一直打不开,提示令牌过期' },
  { id: '5', created_at: START + 3, opening: '令牌过期以后登录页面是空白的' },
  { id: '6', created_at: START + 4, opening: 'x' },
];

describeEngines('similar conversations', (create) => {
  let place: TestPlace;
  let query: QueryService;

  beforeAll(async () => {
    place = await create();
    const store = await place.open();
    await mirror(store, await beginSync(store), [...others(), ...PLANTED]);
    query = createQueryService({ reader: store, logger: silentLogger });
  });
  afterAll(() => place.drop());

  const idsOf = ({ results }: SimilarAnswer): string[] => results.map(({ id }) => id);

  it('come first where they are about the same, and the conversation itself is not among them', async () => {
    const answer = await query.findSimilarConversations({ id: '1' });
    expect(idsOf(answer).slice(0, 2)).toEqual(['2', '3']);
    expect(idsOf(answer)).not.toContain('1');
    expect(answer.summary).toMatchObject({ total_results: idsOf(answer).length, data_source: 'local' });
    expect(answer.metadata.filters_applied).toEqual({ id: '1' });
  });

  it('are found by telling terms, which are named: none that it has alone, none that many have', async () => {
    const { results, summary } = await query.findSimilarConversations({ id: '1' });
    const { telling_terms: terms } = summary;
    const words = terms.map(({ term }) => term);
    expect(words.length).toBeLessThanOrEqual(25);
    expect(words).toEqual(expect.arrayContaining(['turbine', 'kilowatt', 'dashboard', '512', 'inverter']));
    for (const word of ['onlyhere', 'please', 'twice', 'the']) expect(words).not.toContain(word);
    for (const { conversations } of terms) expect(conversations).toBeGreaterThan(1);
    const [first] = results;
    expect(first?.shared_terms).toEqual(words.filter((word) => first?.shared_terms.includes(word)));
    expect(first?.shared_terms).toContain('kilowatt');
    expect(results[1]?.shared_terms).not.toContain('kilowatt');
    expect(first?.match?.snippet).toContain('turbine');
    expect(first?.match?.highlights.length).toBeGreaterThan(2);
  });

  it('are found in a script without spaces', async () => {
    expect(idsOf(await query.findSimilarConversations({ id: '4' }))).toEqual(['5']);
  });

  it('take the id in any of its forms, and filters', async () => {
    for (const id of [
      ' conversation_1 ',
      'https://app.intercom.com/a/inbox/x/inbox/conversation/1?view=List',
    ])
      expect(idsOf(await query.findSimilarConversations({ id })).slice(0, 2)).toEqual(['2', '3']);
    const closed = await query.findSimilarConversations({ id: '1', state: 'closed' });
    expect(idsOf(closed)).toEqual(['2']);
    expect(closed.metadata.filters_applied).toEqual({ id: '1', state: 'closed' });
    expect(idsOf(await query.findSimilarConversations({ id: '1', timeframe: '2023-11' }))).toEqual(['3']);
  });

  it('are at most as many as asked for, and it is said that there are more', async () => {
    const some = await query.findSimilarConversations({ id: '100', limit: 2 });
    expect(some.results).toHaveLength(2);
    expect(some.pagination).toEqual({ limit: 2, has_more: true, next_cursor: null });
    expect(some.summary.total_results).toBeGreaterThan(2);
  });

  it('are none where nothing tells it from others; an unknown one and no id are errors', async () => {
    const empty = await query.findSimilarConversations({ id: '6' });
    expect(empty).toMatchObject({ summary: { total_results: 0, telling_terms: [] }, results: [] });
    expect(empty.metadata.notes.join()).toContain('Nothing tells this conversation from others');
    await expect(query.findSimilarConversations({ id: '999' })).rejects.toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    });
    await expect(query.findSimilarConversations({ id: 'no id!' })).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
    });
  });
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createQueryService } from '../../src/query/create-query-service.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, type ConversationSpec, mirror, WORKSPACE } from './builders.ts';
import { ENGINES, type TestPlace } from './engines.ts';
import { openRaw } from './raw-database.ts';
import { describeWithPostgres } from '../support/postgres.ts';

const WORDS = ['refund', 'card', 'login', 'error', 'visa'] as const;
const ROLES = ['customer', 'team', 'bot', 'note'] as const;
type Role = (typeof ROLES)[number];

const AUTHORS: Readonly<Record<Role, { readonly type: string; readonly id: string }>> = {
  customer: { type: 'user', id: 'contact-1' },
  team: { type: 'admin', id: 'admin-1' },
  bot: { type: 'bot', id: 'bot-1' },
  note: { type: 'admin', id: 'admin-2' },
};

interface Doc {
  readonly id: string;
  readonly parts: readonly { readonly role: Role; readonly words: readonly string[] }[];
  readonly fields: {
    readonly state: string;
    readonly tags: readonly string[];
    readonly rating: number | null;
    readonly reopens: number;
    readonly fin: string | null;
    readonly sla: string | null;
    readonly plan: string | null;
    readonly seats: number;
    readonly priority: string;
    readonly channel: string;
    readonly team: string | null;
    readonly company: string | null;
  };
}

const generator = (seed: number) => () => {
  let t = (seed += 0x6d2b79f5);
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const documents = (): Doc[] => {
  const random = generator(21);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return Array.from({ length: 90 }, (_, index) => ({
    id: String(1_000 + index),
    parts: Array.from({ length: 1 + Math.floor(random() * 4) }, (__, part) => ({
      role: part === 0 ? ('customer' as const) : pick(ROLES),
      words: Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(WORDS)),
    })),
    fields: {
      state: pick(['open', 'closed', 'snoozed']),
      tags: [pick(['vip', 'billing']), 'late'].slice(0, Math.floor(random() * 3)),
      rating: pick([null, 1, 2, 3, 4, 5]),
      reopens: pick([0, 0, 1, 2, 14]),
      fin: pick([null, 'escalated', 'assumed_resolution']),
      sla: pick([null, 'hit', 'missed']),
      plan: pick([null, 'Pro', 'Frée']),
      seats: Math.floor(random() * 30),
      priority: pick(['none', 'high']),
      channel: pick(['email', 'conversation']),
      team: pick([null, 't1', 't2']),
      company: pick([null, 'c1', 'c2']),
    },
  }));
};

const createdAt = (id: string): number => 1_700_000_000 + Number(id) * 60;

const specOf = ({ fields, id, parts }: Doc): ConversationSpec => ({
  id,
  opening: parts[0]?.words.join(' ') ?? '',
  parts: parts.slice(1).map(({ role, words }, index) => ({
    id: `${id}-${index}`,
    body: words.join(' '),
    type: role === 'note' ? 'note' : 'comment',
    author: AUTHORS[role],
  })),
  created_at: createdAt(id),
  fields: {
    state: fields.state,
    priority: fields.priority,
    source: {
      type: fields.channel,
      body: parts[0]?.words.join(' '),
      author: AUTHORS.customer,
      attachments: fields.seats > 20 ? [{ type: 'upload', name: 'a.png' }] : [],
    },
    tags: { tags: fields.tags.map((tag) => ({ id: `tag-${tag}`, name: tag })) },
    conversation_rating: fields.rating === null ? null : { rating: fields.rating },
    statistics: { count_reopens: fields.reopens },
    ai_agent_participated: fields.fin !== null,
    ai_agent: fields.fin === null ? null : { resolution_state: fields.fin },
    sla_applied: fields.sla === null ? null : { sla_name: 'Gold', sla_status: fields.sla },
    team_assignee_id: fields.team,
    company: fields.company === null ? null : { id: fields.company },
    custom_attributes: { 'Plan Type': fields.plan, Seats: fields.seats },
  },
});

/** What the other lists of the workspace say; only the names matter here. */
const fillNames = async ({ url }: TestPlace): Promise<void> => {
  const raw = await openRaw(url);
  const bytes = url.startsWith('sqlite') ? `x''` : `''`;
  const rows = {
    tags: ['vip', 'billing', 'late'].map((name) => `'tag-${name}', '${name}'`),
    teams: [`'t1', 'Tier one'`, `'t2', 'Tier Two'`],
  };
  for (const [table, values] of Object.entries(rows))
    for (const value of values)
      await raw.run(
        `insert into ${table} (workspace_id, id, name, payload, fetched_at) values ('${WORKSPACE.id}', ${value}, ${bytes}, 1)`,
      );
  for (const name of ['Plan Type', 'Seats'])
    await raw.run(
      `insert into conversation_attributes (workspace_id, object_key, name, payload, fetched_at) values ('${WORKSPACE.id}', '${name}', '${name}', ${bytes}, 1)`,
    );
  for (const [id, own, key] of [
    ['c1', 'own-1', 'accme inc'],
    ['c2', 'own-2', 'other'],
  ])
    await raw.run(
      `insert into companies (workspace_id, id, company_id, name, name_key, payload, fetched_at, listed) values ('${WORKSPACE.id}', '${id}', '${own}', '${key}', '${key}', ${bytes}, 1, 1)`,
    );
  await raw.close();
};

/** A query with what it means, said a second time without the index. */
interface Asked {
  readonly text: string;
  readonly holds: (doc: Doc, roles: readonly Role[]) => boolean;
}

const says = (doc: Doc, roles: readonly Role[], test: (words: readonly string[]) => boolean): boolean =>
  doc.parts.some(({ role, words }) => roles.includes(role) && test(words));
const hasPhrase = (words: readonly string[], phrase: readonly string[]): boolean =>
  words.some((_, start) => phrase.every((word, offset) => words[start + offset] === word));

const FIELD_CASES: readonly Asked[] = [
  { text: 'state:open', holds: ({ fields }) => fields.state === 'open' },
  { text: 'state:OPEN,snoozed', holds: ({ fields }) => fields.state !== 'closed' },
  { text: 'tag:vip', holds: ({ fields }) => fields.tags.includes('vip') },
  { text: 'tag:none', holds: ({ fields }) => fields.tags.length === 0 },
  { text: 'csat:<=2', holds: ({ fields }) => fields.rating !== null && fields.rating <= 2 },
  { text: 'csat:none', holds: ({ fields }) => fields.rating === null },
  { text: 'csat:5', holds: ({ fields }) => fields.rating === 5 },
  { text: 'reopened:true', holds: ({ fields }) => fields.reopens > 0 },
  { text: 'reopened:>=2', holds: ({ fields }) => fields.reopens >= 2 },
  { text: 'fin:escalated', holds: ({ fields }) => fields.fin === 'escalated' },
  { text: 'fin:involved', holds: ({ fields }) => fields.fin !== null },
  { text: 'fin:resolved', holds: ({ fields }) => fields.fin === 'assumed_resolution' },
  { text: 'sla:missed', holds: ({ fields }) => fields.sla === 'missed' },
  { text: 'sla:gold', holds: ({ fields }) => fields.sla !== null },
  { text: 'attr."Plan type":pro', holds: ({ fields }) => fields.plan === 'Pro' },
  { text: 'attr."plan type":free', holds: ({ fields }) => fields.plan === 'Frée' },
  { text: 'attr.seats:>=12', holds: ({ fields }) => fields.seats >= 12 },
  { text: 'attr.Seats:7', holds: ({ fields }) => fields.seats === 7 },
  { text: 'priority:high', holds: ({ fields }) => fields.priority === 'high' },
  { text: 'channel:email', holds: ({ fields }) => fields.channel === 'email' },
  { text: 'team:"tier two"', holds: ({ fields }) => fields.team === 't2' },
  { text: 'team:none', holds: ({ fields }) => fields.team === null },
  { text: 'company:"Áccme inc"', holds: ({ fields }) => fields.company === 'c1' },
  { text: 'company:own-2', holds: ({ fields }) => fields.company === 'c2' },
  { text: 'has:note', holds: (doc) => doc.parts.some(({ role }) => role === 'note') },
  { text: 'has:attachment', holds: ({ fields }) => fields.seats > 20 },
  { text: 'contact:contact-1', holds: () => true },
  { text: 'contact:nobody@example.com', holds: () => false },
  {
    text: 'before:2023-11-15T15:40:00Z',
    holds: ({ id }) => createdAt(id) < Date.parse('2023-11-15T15:40:00Z') / 1000,
  },
  {
    text: 'after:2023-11-15T15:40:00Z',
    holds: ({ id }) => createdAt(id) >= Date.parse('2023-11-15T15:40:00Z') / 1000,
  },
  { text: 'after:2023-11-15', holds: () => true },
  { text: 'before:2023-11-15', holds: () => false },
];

const word = fc
  .constantFrom(...WORDS)
  .map((text): Asked => ({ text, holds: (doc, roles) => says(doc, roles, (words) => words.includes(text)) }));
const prefix = fc.constantFrom('re', 'car', 'e').map(
  (start): Asked => ({
    text: `${start}*`,
    holds: (doc, roles) => says(doc, roles, (words) => words.some((each) => each.startsWith(start))),
  }),
);
const phrase = fc.array(fc.constantFrom(...WORDS), { minLength: 2, maxLength: 2 }).map(
  (wanted): Asked => ({
    text: `"${wanted.join(' ')}"`,
    holds: (doc, roles) => says(doc, roles, (words) => hasPhrase(words, wanted)),
  }),
);
const atom = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 1, arbitrary: prefix },
  { weight: 2, arbitrary: phrase },
  { weight: 3, arbitrary: fc.constantFrom(...FIELD_CASES) },
);
const alternatives = fc.array(atom, { minLength: 2, maxLength: 3 }).map(
  (list): Asked => ({
    text: list.map(({ text }) => text).join(' OR '),
    holds: (doc, roles) => list.some(({ holds }) => holds(doc, roles)),
  }),
);
const grouped = fc.array(atom, { minLength: 2, maxLength: 2 }).map(
  (list): Asked => ({
    text: `(${list.map(({ text }) => text).join(' ')}) OR ${list[0]?.text ?? ''}`,
    holds: (doc, roles) => list[0]?.holds(doc, roles) ?? false,
  }),
);
const excluded = fc
  .oneof(
    atom,
    alternatives.map(({ holds, text }) => ({ text: `(${text})`, holds })),
  )
  .map(({ holds, text }): Asked => ({ text: `-${text}`, holds: (doc, roles) => !holds(doc, roles) }));
/** At most two words that must all be there: more of them may be loosened. */
const question = fc
  .tuple(
    fc.array(atom, { minLength: 1, maxLength: 1 }),
    fc.array(fc.oneof(alternatives, grouped, excluded), { maxLength: 3 }),
    fc.option(fc.subarray([...ROLES], { minLength: 1 }), { nil: undefined, freq: 2 }),
  )
  .map(([atoms, others, roles]) => ({ list: [...atoms, ...others], roles }));

describeWithPostgres('the query language', () => {
  const docs = documents();
  const places: TestPlace[] = [];
  const services: QueryService[] = [];

  beforeAll(async () => {
    for (const engine of ENGINES) {
      const place = await engine.create();
      places.push(place);
      const store = await place.open();
      const fence = await beginSync(store);
      for (let start = 0; start < docs.length; start += 30)
        await mirror(store, fence, docs.slice(start, start + 30).map(specOf));
      await fillNames(place);
      services.push(createQueryService({ reader: store, logger: silentLogger }));
    }
  });
  afterAll(async () => {
    for (const place of places) await place.drop();
  });

  const idsOf = async (service: QueryService, query: string) => {
    const answer = await service.searchConversations({ query, sort: 'newest', limit: 1_000 });
    expect(answer.summary.total_results).toBe(answer.results.length);
    return answer.results.map(({ id }) => id).sort();
  };
  const check = async (query: string, expected: readonly string[]): Promise<void> => {
    for (const [index, service] of services.entries())
      expect(await idsOf(service, query), `${query} on engine ${index}`).toEqual(expected);
  };
  const having = (list: readonly Asked[], roles: readonly Role[] = ROLES): string[] =>
    docs.filter((doc) => list.every(({ holds }) => holds(doc, roles))).map(({ id }) => id);

  it.each(FIELD_CASES.map((each) => [each.text, each] as const))('%s, and not', async (text, each) => {
    expect.hasAssertions();
    await check(text, having([each]));
    await check(
      `-${text}`,
      docs.map(({ id }) => id).filter((id) => !having([each]).includes(id)),
    );
  });

  it('finds what a reading of each message finds, for any query', async () => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(question, async ({ list, roles }) => {
        const from = roles === undefined ? [] : [`from:${roles.join(',')}`];
        const expected = having(list, roles ?? ROLES);
        // Where nothing has all of it the answer is a looser one, and says so: not of interest here.
        if (expected.length > 0) await check([...list.map(({ text }) => text), ...from].join(' '), expected);
      }),
      { numRuns: 300, seed: 31 },
    );
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InProcess, serveInProcess } from '../mcp/in-process.ts';
import { connectClient, type ServedClient } from '../support/mcp.ts';
import { type ConversationSpec, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { openRaw } from './raw-database.ts';

const SIZE = 48;
const START = 1_760_000_000;
const DAY = 86_400;
const at = (index: number): number => START + index * 6 * 3_600;

const STATES = ['open', 'closed', 'snoozed'];
const FIN = ['assumed_resolution', 'escalated', null, 'confirmed_resolution'];

/** Every field that other servers filter by, in cycles of different lengths. */
const fieldsOf = (index: number) => ({
  state: STATES[index % 3],
  open: index % 3 !== 1,
  read: index % 2 === 0,
  priority: index % 5 === 0 ? 'high' : 'none',
  updated_at: at(index) + 3 * DAY,
  admin_assignee_id: index % 4 === 0 ? null : 100 + (index % 2),
  team_assignee_id: index % 3 === 0 ? null : `7${index % 2}`,
  tags: { type: 'tag.list', tags: index % 6 === 0 ? [{ id: '31', name: 'Billing' }] : [] },
  conversation_rating: index % 4 === 1 ? { rating: 1 + (index % 5) } : null,
  ai_agent_participated: FIN[index % 4] !== null,
  ai_agent: FIN[index % 4] === null ? null : { resolution_state: FIN[index % 4] },
  custom_attributes: { plan: index % 2 === 0 ? 'pro' : 'free' },
  statistics: {
    time_to_assignment: index % 7 === 0 ? null : index * 10,
    time_to_admin_reply: index % 5 === 0 ? null : index * 20,
    time_to_first_close: index * 30,
    last_admin_reply_at: at(index) + DAY,
    count_reopens: index % 4,
  },
  source: {
    type: index % 2 === 0 ? 'email' : 'conversation',
    id: `${index}-source`,
    body: `<p>${index % 4 < 2 ? 'My refund is late' : 'The login fails'}, case ${index}</p>`,
    author: {
      type: 'user',
      id: `contact-${index % 4}`,
      name: `Person ${index % 4}`,
      email: `person${index % 4}@example.com`,
    },
  },
  contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: `contact-${index % 4}` }] },
});

const CONVERSATIONS: readonly ConversationSpec[] = Array.from({ length: SIZE }, (_, index) => ({
  id: `${9_000 + index}`,
  created_at: at(index),
  updated_at: at(index) + 3 * DAY,
  fields: fieldsOf(index),
}));

const fill = async ({ url }: TestPlace): Promise<void> => {
  const raw = await openRaw(url);
  const bytes = url.startsWith('sqlite') ? `x''` : `''`;
  const insert = (table: string, columns: string, values: string): Promise<unknown> =>
    raw.run(
      `insert into ${table} (workspace_id, ${columns}, payload, fetched_at) values ('${WORKSPACE.id}', ${values}, ${bytes}, 1)`,
    );
  await insert('tags', 'id, name', `'31', 'Billing'`);
  for (const id of ['70', '71']) await insert('teams', 'id, name', `'${id}', 'Team ${id}'`);
  for (const id of ['100', '101']) await insert('admins', 'id, name', `'${id}', 'Admin ${id}'`);
  for (const index of [0, 1, 2, 3])
    await raw.run(
      `insert into contacts (workspace_id, id, email, email_key, payload, fetched_at) values ('${WORKSPACE.id}', 'contact-${index}', 'person${index}@example.com', 'person${index}@example.com', ${bytes}, 1)`,
    );
  await raw.close();
};

type Args = Readonly<Record<string, unknown>>;
/** A call in the shape of another server, and ours that finds the same. */
type Pair = readonly [theirs: Args, ours: Args];

const more = (operator: string, value: number) => ({ operator, value });
const tree = (field: string, operator: string, value: unknown) => ({ field, operator, value });

/** Intercom's own server: its documented parameters, and those seen in use (COMPETITORS B1). */
const INTERCOM: readonly Pair[] = [
  [{ ids: ['9001', 9002] }, { ids: ['9001', '9002'] }],
  [
    { source_type: 'email', per_page: 50 },
    { channel: 'email', limit: 50 },
  ],
  [
    { state: 'snoozed', per_page: 150 },
    { state: 'snoozed', limit: 150 },
  ],
  [
    { team_assignee_id: '70', per_page: 150 },
    { team: 'Team 70', limit: 150 },
  ],
  [
    { admin_assignee_id: 101, per_page: 150 },
    { assignee: 'Admin 101', limit: 150 },
  ],
  [{ source_author_email: 'person2@example.com' }, { contact: 'person2@example.com' }],
  [{ source_author_name: 'Person 3' }, { contact: 'contact-3' }],
  [{ tag_ids: ['31'] }, { tag: 'Billing' }],
  [{ priority: 'high' }, { query: 'priority:high' }],
  [
    { open: true, per_page: 100 },
    { query: '-state:closed', limit: 100 },
  ],
  [{ open: false }, { state: 'closed' }],
  [{ ai_agent_resolution_state: 'assumed_resolution' }, { fin: 'assumed_resolution' }],
  [{ ai_agent_resolution_state: 'routed_to_team' }, { fin: 'handoff' }],
  [{ conversation_rating_score: more('<=', 2) }, { csat: '<=2' }],
  [{ conversation_rating_score: 3 }, { csat: 3 }],
  [{ statistics_count_reopens: more('>', 1) }, { reopened: '>1' }],
  [
    { created_at: [more('>=', at(10)), more('<', at(20))] },
    { start_date: new Date(at(10) * 1000).toISOString(), end_date: new Date(at(20) * 1000).toISOString() },
  ],
  [
    { updated_at: more('>=', at(30)), state: 'open' },
    { start_date: new Date(at(30) * 1000).toISOString(), time_field: 'updated_at', state: 'open' },
  ],
];

/** The object that its plugin sends as query of `search_conversations`, as object and as JSON text. */
const PLUGIN: readonly Pair[] = [
  [{ query: tree('state', '=', 'open') }, { state: 'open' }],
  [{ query: JSON.stringify(tree('state', 'IN', ['open', 'snoozed'])) }, { state: ['open', 'snoozed'] }],
  [{ query: tree('source.type', 'NIN', ['email']) }, { query: '-channel:email' }],
  [
    { query: tree('state', '!=', 'closed'), per_page: 9 },
    { query: '-state:closed', limit: 9 },
  ],
  [{ query: tree('tags.tag.id', '=', '31') }, { tag: '31' }],
  [{ query: tree('assignee.id', '=', '100') }, { assignee: '100' }],
  [{ query: tree('custom_attributes.plan', '=', 'pro') }, { attributes: { plan: 'pro' } }],
  [
    { query: tree('source.body', '~', 'refund'), sort: 'newest' },
    { query: 'refund', sort: 'newest' },
  ],
  [
    {
      query: {
        operator: 'AND',
        value: [
          tree('state', '=', 'open'),
          tree('created_at', '>', at(12) - 1),
          tree('source.body', '~', 'refund'),
        ],
      },
      sort: 'newest',
    },
    { query: 'refund state:open', start_date: new Date(at(12) * 1000).toISOString(), sort: 'newest' },
  ],
  [
    {
      query: {
        operator: 'OR',
        value: [
          tree('priority', '=', 'high'),
          { operator: 'AND', value: [tree('state', '=', 'closed'), tree('source.type', '=', 'email')] },
        ],
      },
    },
    { query: '(priority:high OR (state:closed channel:email))' },
  ],
];

/** FastIntercomMCP and its fork (COMPETITORS B2). */
const FAST: readonly Pair[] = [
  [
    { query: 'refund', timeframe: '2025-10', limit: 50 },
    { query: 'refund', start_date: '2025-10-01', end_date: '2025-10-31', limit: 50 },
  ],
  [
    { customer_email: 'person1@example.com', limit: 50 },
    { contact: 'person1@example.com', limit: 50 },
  ],
  [
    { query: 'login', state: 'open', limit: 20 },
    { query: 'login state:open', limit: 20 },
  ],
  [
    { timeframe: { start_date: '2025-10-10', end_date: '2025-10-12' } },
    { start_date: '2025-10-10', end_date: '2025-10-12' },
  ],
  [{ timeframe: { relative: '2025-10-14' } }, { timeframe: '2025-10-14' }],
];

/** Conditions for which we have no name of our own: told from the data. */
const STATISTICS: readonly (readonly [Args, (index: number) => boolean])[] = [
  [{ statistics_time_to_assignment: more('>', 300) }, (index) => index % 7 !== 0 && index * 10 > 300],
  [{ statistics_time_to_admin_reply: more('<=', 400) }, (index) => index % 5 !== 0 && index * 20 <= 400],
  [{ statistics_time_to_first_close: more('=', 300) }, (index) => index === 10],
  [{ statistics_time_to_admin_reply: more('!=', 20) }, (index) => index !== 1],
  [{ statistics_last_admin_reply_at: more('>=', at(40)) }, (index) => at(index) + DAY >= at(40)],
  [{ query: tree('statistics.time_to_first_close', '<', 60) }, (index) => index * 30 < 60],
  [{ query: tree('read', '=', false) }, (index) => index % 2 === 1],
];

/** The text that Intercom's own `search` takes. */
const TEXT: readonly Pair[] = [
  ['object_type:conversations state:open limit:150', { state: 'open', limit: 150 }],
  ['object_type:conversations source_type:neq:email limit:150', { query: '-channel:email', limit: 150 }],
  [
    'object_type:conversations q:"refund" state:eq:closed limit:9',
    { query: 'refund', state: 'closed', limit: 9 },
  ],
  [
    `object_type:conversations created_at:gte:${at(40)} limit:50`,
    { start_date: new Date(at(40) * 1000).toISOString(), limit: 50 },
  ],
  ['object_type:conversations source_author_email:person2@example.com limit:20', { contact: 'contact-2' }],
].map(([query, ours]) => [{ query }, ours as Args]);

const idsOf = ({ results }: Args): string[] =>
  (results as readonly { readonly id: string }[]).map(({ id }) => id.replace('conversation:', ''));

describeEngines('calls in the shapes of other servers', (create) => {
  let place: InProcess;
  let client: ServedClient;

  const call = async (name: string, args: Args): Promise<Args> => {
    const { data, isError, text } = await client.call(name, args);
    expect(isError, text).toBe(false);
    return data;
  };

  beforeAll(async () => {
    place = await serveInProcess({ conversations: CONVERSATIONS, create, fill });
    client = await connectClient('v2 client, 2026-07-28', { url: place.url });
  });
  afterAll(async () => {
    await client.close();
    await place.close();
  });

  it.each([...INTERCOM, ...PLUGIN, ...FAST])('find the same rows: %j as %j', async (theirs, ours) => {
    const [found, wanted] = [
      await call('search_conversations', theirs),
      await call('search_conversations', ours),
    ];
    expect(idsOf(wanted).length).toBeGreaterThan(0);
    expect(idsOf(found)).toEqual(idsOf(wanted));
    const total = ({ summary }: Args) => (summary as { total_results: number }).total_results;
    expect(total(found)).toBe(total(wanted));
    expect(total(found)).toBeLessThan(SIZE);
  });

  it.each(STATISTICS)('hold what they say: %j', async (theirs, holds) => {
    const data = await call('search_conversations', {
      ...theirs,
      per_page: 150,
      sort: 'oldest',
      max_tokens: 25_000,
    });
    const wanted = CONVERSATIONS.filter((_, index) => holds(index)).map(({ id }) => id);
    expect(wanted.length).toBeGreaterThan(0);
    expect(idsOf(data)).toEqual(wanted);
  });

  it.each(TEXT)('find the same by search: %j as %j', async (theirs, ours) => {
    const found = idsOf(await call('search', theirs));
    expect(found.length).toBeGreaterThan(0);
    expect(found).toEqual(idsOf(await call('search_conversations', ours)));
    expect(idsOf(await call('search_conversations', theirs))).toEqual(found);
  });

  it('are stated in the answer', async () => {
    const { metadata } = await call('search_conversations', {
      statistics_time_to_admin_reply: more('>', 300),
      query: { operator: 'OR', value: [tree('state', '=', 'open'), tree('source.type', '!=', 'email')] },
    });
    expect(metadata).toMatchObject({
      query: null,
      filters_applied: {
        statistics_time_to_admin_reply: 'time_to_admin_reply > 300',
        query: '(state:open OR -channel:email)',
      },
    });
  });

  it('page through with starting_after, in a parameter and in the text', async () => {
    const nextOf = ({ pagination }: Args) => (pagination as { next_cursor: string | null }).next_cursor;
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Args = await call('search_conversations', {
        source_type: 'email',
        per_page: 7,
        ...(cursor === null ? {} : { starting_after: cursor }),
      });
      seen.push(...idsOf(page));
      cursor = nextOf(page);
    } while (cursor !== null);
    expect(seen).toEqual(idsOf(await call('search_conversations', { channel: 'email', limit: 100 })));
    const first = await call('search', { query: 'object_type:conversations state:open limit:3' });
    const second = await call('search', {
      query: `object_type:conversations state:open limit:3 starting_after:${nextOf(first)}`,
    });
    expect([...idsOf(first), ...idsOf(second)]).toEqual(
      idsOf(await call('search_conversations', { state: 'open', limit: 6 })),
    );
  });

  it.each(['9007', 9007, 'conversation_9007', 'https://app.intercom.com/a/inbox/_/inbox/conversation/9007'])(
    'read the same thread: %s',
    async (id) => {
      const wanted = await call('get_conversation', { id: '9007' });
      for (const args of [{ id }, { conversation_id: id }])
        expect((await call('get_conversation', args)).conversation).toEqual(wanted.conversation);
      expect((await call('fetch', { id: String(id).replace('/_/', '/ws-one/') })).id).toBe(
        'conversation:9007',
      );
    },
  );

  it.each([
    [{ query: tree('statee', '=', 'open') }, /"statee".*nearest is "state"/],
    [{ query: tree('state', '<>', 'open') }, /no operator "<>".*NIN/],
    [{ query: tree('state', '>', 'open') }, /state does not take the operator >/],
    [{ query: { operator: 'AND', value: [] } }, /list of conditions/],
    [{ statistics_time_to_admin_reply: more('>', 1.5) }, /whole number/],
    [{ created_at: more('>', 'soon' as never) }, /created_at takes/],
    [{ query: 'object_type:companies name:Acme' }, /no field "name"|"company"/],
    [{ query: tree('state', '=', { a: 1 }) }, /takes a text/],
    [{ query: { $ne: 1 } }, /query: must be text/],
    [{ query: ['refund'] }, /query: must be text/],
    [{ statistics_time_to_close: 4 }, /nearest is/],
  ])('say what is wrong: %j', async (args, words) => {
    const { isError, text } = await client.call('search_conversations', args);
    expect(isError).toBe(true);
    expect(text).toMatch(/^ARGUMENT_/);
    expect(text).toMatch(words);
  });
});

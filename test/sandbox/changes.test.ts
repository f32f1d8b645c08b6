import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/sandbox/world.ts';
import { allPages, idsOf, type OpenSandbox, openSandbox, searchBody, type Ticket } from './support.ts';

const NOW = 1_795_000_000;
const start = (): Promise<OpenSandbox> =>
  openSandbox({ seed: 34, conversations: 60 }, { clock: { now: () => NOW * 1000 } });

const ticket = async (open: OpenSandbox, id: string): Promise<Ticket> =>
  (await open.ask(`GET /tickets/${id}`)).json as unknown as Ticket;

const textOf = async (open: OpenSandbox, path: string): Promise<string> => {
  const headers = { Authorization: 'Bearer x', Accept: 'application/json', 'Intercom-Version': '2.16' };
  return (await fetch(`${open.sandbox.url}${path}`, { headers })).text();
};

describe('tickets', () => {
  test('come, change their attributes and states, each with a part that tells of it', async () => {
    await using open = await start();
    const { mutate } = open.sandbox;
    const id = mutate.addTicket({}, { ticket_attributes: { Severity: 'Low' } });
    expect(await ticket(open, id)).toMatchObject({
      created_at: NOW,
      ticket_id: '61',
      category: 'Customer',
      ticket_state: { category: 'submitted' },
      ticket_attributes: { _default_title_: 'Ticket 61', Severity: 'Low' },
    });
    mutate.setTicket(id, { ticket_attributes: { Severity: 'High' } });
    mutate.setTicketState(id, 'resolved');
    const changed = await ticket(open, id);
    expect(changed).toMatchObject({
      ticket_state: { category: 'resolved' },
      previous_ticket_state_id: '8321',
      ticket_attributes: { Severity: 'High' },
      updated_at: NOW + 2,
    });
    expect(changed.ticket_parts.ticket_parts.slice(-2)).toMatchObject([
      {
        part_type: 'ticket_attribute_updated_by_admin',
        updated_attribute_data: { attribute: { id: '672', label: 'Severity' }, value: { label: 'High' } },
      },
      {
        part_type: 'ticket_state_updated_by_admin',
        previous_ticket_state: 'submitted',
        ticket_state: 'resolved',
      },
    ]);
    const shown = await open.conversation(id);
    expect(shown.conversation_parts.conversation_parts.map((part) => part.id)).toEqual(
      changed.ticket_parts.ticket_parts.map((part) => part.id),
    );
    expect(() => mutate.setTicketState(id, 'lost')).toThrow('Ticket state not found');
  });

  test('a conversation becomes one', async () => {
    await using open = await start();
    const id = open.world.conversations.id(0);
    expect((await open.ask(`GET /tickets/${id}`)).status).toBe(404);
    open.sandbox.mutate.setTicket(id, { category: 'Tracker', ticket_type_id: '69' });
    expect(await ticket(open, id)).toMatchObject({ category: 'Tracker', ticket_type: { name: 'Incident' } });
    const found = await allPages(open.ask, { path: '/tickets/search', field: 'created_at' });
    expect(idsOf(found)[0]).toBe(id);
  });

  test('are redacted in their description, too', async () => {
    await using open = await start();
    const tickets = (await allPages(open.ask, { path: '/tickets/search' })).flatMap((page) => page.tickets);
    const told = tickets.find(({ ticket_attributes: values }) => values._default_description_ !== null);
    const id = told?.id ?? '';
    const { source } = await open.conversation(id);
    expect(told?.ticket_attributes._default_description_).toBe(source.body);
    open.sandbox.mutate.redact(id, source.id);
    expect(JSON.stringify(await ticket(open, id))).not.toContain(source.body);
    expect(JSON.stringify(await open.conversation(id))).not.toContain(source.body);
  });

  test('are deleted without a word in the feed of deletions', async () => {
    await using open = await start();
    const id = open.world.conversations.id(5);
    open.sandbox.mutate.deleteTicket(id);
    expect((await open.ask(`GET /tickets/${id}`)).status).toBe(404);
    expect((await open.ask('GET /conversations/deleted')).json.total_count).toBe(0);
  });
});

describe('parts', () => {
  test('many at once: the newest 500 are shown, of a ticket as of a conversation', async () => {
    await using open = await start();
    const id = open.world.conversations.id(5);
    const before = (await open.conversation(id)).conversation_parts.total_count;
    const ids = open.sandbox.mutate.addParts(id, 600);
    const shown = await open.conversation(id);
    expect(shown.conversation_parts.total_count).toBe(before + 600);
    expect(shown.conversation_parts.conversation_parts.map((part) => part.id)).toEqual(ids.slice(-500));
    expect(shown.statistics?.count_conversation_parts).toBe(before + 600);
    const asTicket = await ticket(open, id);
    expect(asTicket.ticket_parts.total_count).toBe(before + 600);
    expect(asTicket.ticket_parts.ticket_parts.map((part) => part.id)).toEqual(ids.slice(-500));
  });

  test('of unknown kinds, by unknown authors', async () => {
    await using open = await start();
    const id = open.world.conversations.id(1);
    open.sandbox.mutate.reply(id, {
      body: null,
      part_type: 'quantum_handoff',
      author: { type: 'alien', id: null },
      fields: { beam: [1] },
    });
    const { conversation_parts: list } = await open.conversation(id);
    expect(list.conversation_parts.at(-1)).toMatchObject({
      part_type: 'quantum_handoff',
      author: { type: 'alien' },
      beam: [1],
    });
  });

  test.each([
    ['NUL', 'a\u0000b'],
    ['a lone surrogate', 'a\ud800b'],
    ['right to left and emoji', '<p>שלום 👩‍👩‍👧‍👦</p>'],
    ['a megabyte', 'x'.repeat(1_000_000)],
  ])('%s in a body comes through', async (_name, body) => {
    await using open = await start();
    const id = open.world.conversations.id(1);
    const { source } = await open.conversation(id);
    open.sandbox.mutate.setPart(id, source.id, { body });
    expect((await open.conversation(id)).source.body).toBe(body);
  });

  test('change their id’s type, and numbers keep digits that JavaScript has not', async () => {
    await using open = await start();
    const id = open.world.conversations.id(1);
    const partId = open.sandbox.mutate.reply(id, { body: 'x' });
    open.sandbox.mutate.setPart(id, partId, { id: Number(partId) }, false);
    const { conversation_parts: list } = await open.conversation(id);
    expect(list.conversation_parts.at(-1)?.id).toBe(Number(partId));
    open.sandbox.mutate.set(id, { custom_attributes: { big: { $raw: '9007199254740993' } } });
    expect(await textOf(open, `/conversations/${id}`)).toContain('"big":9007199254740993}');
  });

  test('of megabytes are taken from another process', async () => {
    await using open = await start();
    const id = open.world.conversations.id(1);
    const body = `<p>${'y'.repeat(5_000_000)}</p>`;
    const { source } = await open.conversation(id);
    const answer = await fetch(`${open.sandbox.url}/__sandbox/mutate`, {
      method: 'POST',
      body: JSON.stringify({ op: 'setPart', args: [id, source.id, { body }] }),
    });
    expect(answer.status).toBe(200);
    expect((await open.conversation(id)).source.body).toHaveLength(body.length);
  });

  test('late ratings move nothing else', async () => {
    await using open = await start();
    const id = open.world.conversations.id(1);
    const before = await open.conversation(id);
    open.sandbox.mutate.set(id, { conversation_rating: { rating: 1 } }, false);
    expect(await open.conversation(id)).toEqual({ ...before, conversation_rating: { rating: 1 } });
  });
});

test('what hangs at a contact is replaced, and the contact shows ten of it', async () => {
  await using open = await start();
  const id = open.world.contacts.id(0);
  const tags = Array.from({ length: 12 }, (_, index) => ({ type: 'tag', id: `${index}`, name: `t${index}` }));
  const companies = [open.world.companies.id(1)];
  open.sandbox.mutate.setContactDetails(id, { tags, companies });
  const contact = (await open.ask(`GET /contacts/${id}`)).json as unknown as Record<string, JsonObject>;
  expect(contact).toMatchObject({
    updated_at: NOW,
    tags: { total_count: 12, has_more: true },
    companies: { total_count: 1, has_more: false },
  });
  expect((await open.ask(`GET /contacts/${id}/tags`)).json.data).toEqual(tags);
  expect((await open.ask(`GET /contacts/${id}/companies`)).json.data.map((each) => each.id)).toEqual(
    companies,
  );
});

test('a company loses its last user: no list has it, GET does; others come and go', async () => {
  await using open = await openSandbox({ seed: 34, conversations: 5, companies: 40 });
  const { mutate } = open.sandbox;
  const listed = async () =>
    (await open.ask('POST /companies/list', { per_page: 60 })).json.data.map((each) => each.id);
  const [lost = '', gone = ''] = await listed();
  const added = mutate.addCompany({ name: 'New' });
  mutate.setCompany(lost, { user_count: 0 });
  mutate.deleteCompany(gone);
  const now = await listed();
  expect(now[0]).toBe(added);
  expect(now).not.toContain(lost);
  expect(now).not.toContain(gone);
  const scrolled = (await open.ask('GET /companies/scroll')).json.data.map((each) => each.id);
  expect(new Set(scrolled)).toEqual(new Set(now));
  expect((await open.ask(`GET /companies/${lost}`)).status).toBe(200);
  expect((await open.ask(`GET /companies/${gone}`)).status).toBe(404);
});

test('small tables: something is added, changed, taken away; an unknown table is named', async () => {
  await using open = await start();
  const { mutate } = open.sandbox;
  mutate.put('articles', { id: '120', title: 'Changed' });
  mutate.put('articles', { id: '9000', type: 'article', title: 'New' });
  mutate.drop('articles', '121');
  mutate.drop('admins', '5017003');
  mutate.put('tags', { type: 'tag', id: '1', name: 'fresh' });
  const articles = (await open.ask('GET /articles')).json;
  expect(articles.data.slice(0, 2)).toMatchObject([
    { id: '9000', created_at: NOW, updated_at: NOW },
    { id: '120', title: 'Changed', updated_at: NOW },
  ]);
  expect((await open.ask('GET /articles/121')).status).toBe(404);
  const { admins } = (await open.ask('GET /admins')).json as unknown as { admins: { id: string }[] };
  expect(admins).toHaveLength(13);
  expect((await open.ask('GET /tags')).json.data.at(-1)).toMatchObject({ name: 'fresh' });
  expect(() => mutate.drop('tags', 'x')).toThrow('not found');
  expect(() => mutate.put('planets' as 'tags', {})).toThrow("There is no list 'planets'");
});

describe('for comparison with a mirror', () => {
  const all = async (open: OpenSandbox, kind: string): Promise<JsonObject[]> => {
    const objects: JsonObject[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const response = await fetch(
        `${open.sandbox.url}/__sandbox/objects?kind=${kind}&from=${from}&limit=25`,
      );
      const page = (await response.json()) as { next: number | null; objects: JsonObject[] };
      objects.push(...page.objects);
      from = page.next;
    }
    return objects;
  };

  test('it gives what it holds, page by page: all parts, no matter how many', async () => {
    await using open = await start();
    const { mutate } = open.sandbox;
    const [long = '', gone = ''] = [5, 6].map((index) => open.world.conversations.id(index));
    mutate.addParts(long, 600);
    mutate.delete(gone);
    mutate.addConversation();
    const conversations = await all(open, 'conversations');
    expect(conversations.map(({ id }) => id)).toEqual(
      idsOf(await allPages(open.ask, { field: 'created_at' })),
    );
    const found = conversations.find(({ id }) => id === long) as unknown as {
      conversation_parts: { conversation_parts: unknown[]; total_count: number };
    };
    expect(found.conversation_parts.conversation_parts).toHaveLength(found.conversation_parts.total_count);
    const short = conversations[0] as unknown as { id: string };
    expect(await open.conversation(short.id)).toEqual(short);
    expect(await all(open, 'tickets')).toHaveLength(5);
    expect(await all(open, 'contacts')).toHaveLength(open.world.contacts.count);
    expect((await all(open, 'contact_details'))[0]).toHaveProperty('segments');
    expect(await all(open, 'deletions')).toMatchObject([{ id: gone }]);
    expect((await all(open, 'articles'))[0]).toHaveProperty('statistics');
    const unknown = await fetch(`${open.sandbox.url}/__sandbox/objects?kind=planets`);
    expect(unknown.status).toBe(400);
  });

  test('a hundred changes at random are the same for the same seed, and touch everything', async () => {
    const states: string[][] = [];
    for (const seed of [1, 1, 2]) {
      await using open = await start();
      open.sandbox.mutate.churn(seed, 150);
      const kinds = ['conversations', 'contacts', 'companies', 'articles', 'deletions', 'merges'];
      states.push(kinds.map((kind) => JSON.stringify(open.sandbox.objects(kind).objects)));
    }
    expect(states[0]).toEqual(states[1]);
    await using fresh = await start();
    const untouched = ['conversations', 'contacts', 'companies', 'articles', 'deletions', 'merges'].map(
      (kind) => JSON.stringify(fresh.sandbox.objects(kind).objects),
    );
    for (const [index, state] of (states[0] ?? []).entries()) expect(state).not.toBe(untouched[index]);
    expect(states[2]).not.toEqual(states[0]);
  });
});

describe('an edited answer', () => {
  const edit = async (open: OpenSandbox, fault: Record<string, unknown>): Promise<void> => {
    const body = JSON.stringify({ kind: 'edited', path: '/conversations/search', ...fault });
    expect((await fetch(`${open.sandbox.url}/__sandbox/faults`, { method: 'POST', body })).status).toBe(200);
  };

  test('has fields changed, left out, or added at every level, once', async () => {
    await using open = await start();
    const ask = async () => (await open.ask('POST /conversations/search', searchBody({}))).json;
    const whole = await ask();
    await edit(open, {
      set: { 'conversations.*.statistics': null, 'conversations.1.id': 7 },
      remove: ['conversations.*.tags'],
    });
    const edited = await ask();
    expect(edited.conversations.map(({ statistics }) => statistics)).toEqual(
      whole.conversations.map(() => null),
    );
    expect(edited.conversations.map(({ id }) => id)).toEqual(
      whole.conversations.map(({ id }, index) => (index === 1 ? 7 : id)),
    );
    for (const item of edited.conversations) expect(item).not.toHaveProperty('tags');
    expect(await ask()).toEqual(whole);
    await edit(open, { set: { '**.new_field': { a: 1 } } });
    const [first] = (await ask()).conversations;
    expect(first).toHaveProperty('new_field');
    expect(first?.source.author).toHaveProperty('new_field', { a: 1 });
  });
});

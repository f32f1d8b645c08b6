import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/sandbox/world.ts';
import { allPages, idsOf, type OpenSandbox, openSandbox, searchBody, type Ticket } from './support.ts';

const COUNT = 600;
const start = (): Promise<OpenSandbox> => openSandbox({ seed: 21, conversations: COUNT });
const TICKETS = { path: '/tickets/search', field: 'created_at' };

const ticketIdsIn = ({ world }: OpenSandbox): string[] =>
  Array.from({ length: COUNT }, (_, index) => index)
    .filter((index) => world.isTicket(index))
    .map((index) => world.conversations.id(index));

const search = async (open: OpenSandbox, field: string, operator: string, value: unknown) =>
  open.ask(
    'POST /tickets/search',
    searchBody({ query: { field, operator, value }, field: 'created_at', perPage: 150 }),
  );

describe('tickets', () => {
  test('are some of the conversations, under the same ids and times', async () => {
    await using open = await start();
    const found = (await allPages(open.ask, TICKETS)).flatMap(({ tickets }) => tickets);
    expect(found.map(({ id }) => id)).toEqual(ticketIdsIn(open));
    expect(found).toHaveLength(COUNT / 12);
    for (const ticket of found.slice(0, 5)) {
      const conversation = await open.conversation(ticket.id);
      expect(conversation).toMatchObject({
        created_at: ticket.created_at,
        updated_at: ticket.updated_at,
        ticket: { ticket_id: ticket.ticket_id, category: ticket.category },
      });
      expect(ticket.ticket_parts.ticket_parts.map(({ body }) => body)).toEqual(
        conversation.conversation_parts.conversation_parts.map(({ body }) => body),
      );
    }
    const listed = await allPages(open.ask, { field: 'created_at' });
    expect(idsOf(listed)).toHaveLength(COUNT);
  });

  test('are of three categories, each with its type, its attributes and its state', async () => {
    await using open = await start();
    const found = (await allPages(open.ask, TICKETS)).flatMap(({ tickets }) => tickets);
    expect(new Set(found.map(({ category }) => category))).toEqual(
      new Set(['Customer', 'Back-office', 'Tracker']),
    );
    const states = new Set(found.map(({ ticket_state: { category } }) => category));
    expect([...states].sort()).toEqual(
      expect.arrayContaining(['in_progress', 'resolved', 'submitted']) as string[],
    );
    for (const { ticket_attributes: values, ticket_type: type } of found) {
      const names = type.ticket_type_attributes.data.map(({ name }) => name);
      expect(Object.keys(values)).toEqual(
        expect.arrayContaining(['_default_title_', '_default_description_']),
      );
      expect(names).toEqual(expect.arrayContaining(Object.keys(values)) as string[]);
    }
  });

  test('are got by id; their number in the inbox is nobody’s id', async () => {
    await using open = await start();
    const [ticket] = (await open.ask('POST /tickets/search', searchBody({}))).json.tickets;
    const got = await open.ask(`GET /tickets/${ticket?.id}`);
    expect(got).toMatchObject({ status: 200, json: { id: ticket?.id } });
    expect(got.json).toEqual(ticket);
    expect((await open.ask(`GET /tickets/${ticket?.ticket_id}`)).status).toBe(404);
    const plain = open.world.conversations.id(0);
    expect((await open.ask(`GET /tickets/${plain}`)).status).toBe(404);
  });

  test('are searched in pages of twenty, by seconds, in both readings of a bound', async () => {
    await using open = await start();
    const first = (
      await open.ask('POST /tickets/search', { query: { field: 'id', operator: '!=', value: '1' } })
    ).json;
    expect(first.tickets).toHaveLength(20);
    expect(first).toMatchObject({ type: 'ticket.list', total_count: COUNT / 12, pages: { total_pages: 3 } });
    const bound = first.tickets[0]?.updated_at ?? 0;
    const idsAt = async (operator: string) =>
      (await search(open, 'updated_at', operator, bound)).json.tickets.map(({ id }) => id);
    expect(await idsAt('>=')).toContain(first.tickets[0]?.id);
    expect(await idsAt('>')).not.toContain(first.tickets[0]?.id);
    open.sandbox.set({ inclusiveBounds: true });
    expect(await idsAt('>')).toContain(first.tickets[0]?.id);
  });

  test('are found by what only tickets have; categories go by other words than in answers', async () => {
    await using open = await start();
    for (const [word, category] of [
      ['request', 'Customer'],
      ['task', 'Back-office'],
      ['tracker', 'Tracker'],
    ]) {
      const { tickets } = (await search(open, 'category', '=', word)).json;
      expect(new Set(tickets.map((ticket) => ticket.category))).toEqual(new Set([category]));
    }
    expect((await search(open, 'category', '=', 'Customer')).json.total_count).toBe(0);
    const one = (await search(open, 'ticket_type_id', '=', '67')).json.tickets[0];
    const attribute = one?.ticket_type.ticket_type_attributes.data.find(({ name }) => name === 'Severity');
    const severe = await search(open, `ticket_attribute.${attribute?.id}`, '=', 'High');
    expect(severe.json.tickets.length).toBeGreaterThan(0);
    for (const { ticket_attributes: values } of severe.json.tickets) expect(values.Severity).toBe('High');
    for (const field of ['ticket_state', 'colour']) {
      const refused = await search(open, field, '=', 'submitted');
      expect([refused.status, refused.json.errors[0]?.code]).toEqual([400, 'invalid_field']);
    }
  });

  test('change with their conversation, and move to where the change puts them', async () => {
    await using open = await start();
    const [id = '', other = ''] = ticketIdsIn(open);
    open.sandbox.mutate.reply(id, { body: '<p>Any news?</p>' });
    open.sandbox.mutate.delete(other);
    const { tickets, total_count: total } = (
      await open.ask('POST /tickets/search', searchBody({ field: 'updated_at', order: 'descending' }))
    ).json;
    expect(total).toBe(COUNT / 12 - 1);
    expect(tickets[0]?.id).toBe(id);
    expect(tickets[0]?.ticket_parts.ticket_parts.at(-1)).toMatchObject({ body: '<p>Any news?</p>' });
    expect((await open.ask(`GET /tickets/${other}`)).status).toBe(404);
  });

  test('the state that they end with is one that their parts led to', async () => {
    await using open = await start();
    const tickets: Ticket[] = (await allPages(open.ask, TICKETS)).flatMap((page) => page.tickets);
    for (const { ticket_parts: list } of tickets) {
      for (const [index, part] of list.ticket_parts.entries()) {
        const before = list.ticket_parts[index - 1]?.ticket_state ?? 'submitted';
        expect(part.previous_ticket_state).toBe(before);
      }
    }
  });
});

test('types and states of tickets: archived ones, too, and which type has which state', async () => {
  await using open = await start();
  const types = (await open.ask('GET /ticket_types')).json.data;
  expect(types.map(({ category, archived }) => [category, archived])).toEqual([
    ['Customer', false],
    ['Back-office', false],
    ['Tracker', false],
    ['Customer', true],
  ]);
  const attributes = types.flatMap((type) => (type.ticket_type_attributes as { data: JsonObject[] }).data);
  expect(attributes.filter(({ archived }) => archived === true)).toHaveLength(1);
  expect(new Set(attributes.map(({ id }) => id)).size).toBe(attributes.length);
  const states = (await open.ask('GET /ticket_states')).json.data;
  expect(new Set(states.map(({ category }) => category))).toEqual(
    new Set(['submitted', 'in_progress', 'waiting_on_customer', 'resolved']),
  );
});

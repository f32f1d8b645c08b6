import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/sandbox/world.ts';
import { type OpenSandbox, openSandbox, searchBody } from './support.ts';

const start = (): Promise<OpenSandbox> => openSandbox({ seed: 32, conversations: 120 });
const at = (version: string) => ({ 'Intercom-Version': version });

const listOf = async (open: OpenSandbox, version: string): Promise<JsonObject[]> =>
  (await open.ask('POST /conversations/search', searchBody({ field: 'created_at' }), at(version))).json
    .conversations as unknown as JsonObject[];

describe('an app that may use 2.15 at most', () => {
  test('refuses newer versions, and what came with them', async () => {
    await using open = await start();
    open.sandbox.set({ newestVersion: '2.15' });
    for (const version of ['2.16', 'Preview', 'Unstable']) {
      const { status, json } = await open.ask('GET /me', undefined, at(version));
      expect([status, json.errors[0]?.code]).toEqual([400, 'intercom_version_invalid']);
    }
    expect((await open.ask('GET /me', undefined, at('2.15'))).status).toBe(200);
  });

  test.each([
    '/conversations/deleted',
    '/conversations/attributes',
    '/macros',
    '/contacts/000000000000000000000000/merge_history',
  ])('%s is not there before 2.16', async (path) => {
    await using open = await start();
    const { status, json } = await open.ask(`GET ${path}`, undefined, at('2.15'));
    expect([status, json.errors[0]?.code]).toEqual([400, 'intercom_version_invalid']);
  });
});

describe('what QA found', () => {
  const PATH = '/conversations/search?include_monitors=true&include_scorecards=true';
  const ask = (open: OpenSandbox, version: string) =>
    open.ask(`POST ${PATH}`, searchBody({ field: 'created_at' }), at(version));

  test('is shown on request, from 2.16 on, and changes alone', async () => {
    await using open = await start();
    const before = (await ask(open, '2.16')).json.conversations as unknown as JsonObject[];
    expect(before.some(({ scorecards }) => (scorecards as JsonObject[]).length > 0)).toBe(true);
    const [first] = before;
    const id = String(first?.id);
    const found = [{ monitor_id: '9', result: 'flagged' }];
    open.sandbox.mutate.setQuality(id, { monitor_evaluations: found });
    const [after] = (await ask(open, '2.16')).json.conversations;
    expect(after).toEqual({ ...first, monitor_evaluations: found });
    expect((await ask(open, '2.15')).json.conversations[0]).not.toHaveProperty('scorecards');
    expect((await listOf(open, '2.16'))[0]).not.toHaveProperty('monitor_evaluations');
  });

  test('may be what a plan does not have', async () => {
    await using open = await start();
    open.sandbox.set({ planRestricted: ['/conversations/search?include_'] });
    expect((await ask(open, '2.16')).status).toBe(403);
    expect((await listOf(open, '2.16')).length).toBeGreaterThan(0);
  });
});

describe('before 2.16', () => {
  test('a conversation has other words for priority, and nobody is null', async () => {
    await using open = await start();
    const [now, then] = [await listOf(open, '2.16'), await listOf(open, '2.15')];
    expect(new Set(then.map(({ priority }) => priority))).toEqual(new Set(['priority', 'not_priority']));
    for (const [index, item] of then.entries()) {
      expect(item.priority === 'not_priority').toBe(now[index]?.priority === 'none');
      for (const field of ['admin_assignee_id', 'team_assignee_id'])
        expect(item[field]).toBe(now[index]?.[field] || null);
    }
    const one = (await open.ask(`GET /conversations/${String(now[0]?.id)}`, undefined, at('2.15'))).json;
    expect(one).toMatchObject({ priority: then[0]?.priority });
  });

  test('a ticket has assignees as text, a contact its owner as a number', async () => {
    await using open = await start();
    const tickets = (await open.ask('POST /tickets/search', searchBody({}), at('2.15'))).json.tickets;
    expect(new Set(tickets.map(({ admin_assignee_id: id }) => typeof id))).toEqual(new Set(['string']));
    expect(tickets.map(({ admin_assignee_id: id }) => id)).toContain('0');
    const contacts = (await open.ask('GET /contacts?per_page=150', undefined, at('2.15'))).json.data;
    const owners = contacts.map(({ owner_id: owner }) => (owner === null ? 'null' : typeof owner));
    expect(new Set(owners)).toEqual(new Set(['null', 'number']));
  });

  test('a merged contact is not found, a wrong order is taken, attributes of conversations stand with the others', async () => {
    await using open = await start();
    const [from = '', into = ''] = [1, 2].map((index) => open.world.contacts.id(index));
    open.sandbox.mutate.mergeContact(from, into);
    expect((await open.ask(`GET /contacts/${from}`, undefined, at('2.15'))).status).toBe(404);
    expect((await open.ask(`GET /contacts/${from}`)).status).toBe(410);
    const body = searchBody({ field: 'created_at', order: 'asc' });
    const { status, json } = await open.ask('POST /conversations/search', body, at('2.15'));
    expect(status).toBe(200);
    const times = json.conversations.map(({ created_at: time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const attributes = await open.ask('GET /data_attributes?model=conversation', undefined, at('2.15'));
    expect(attributes.json.data.map(({ name }) => name)).toContain('Plan');
  });

  test('an article has one parent, a resolution other words, a ticket of 2.11 its state as a word', async () => {
    await using open = await start();
    const [article] = (await open.ask('GET /articles', undefined, at('2.15'))).json.data;
    expect(article).toHaveProperty('parent_type');
    expect(article).not.toHaveProperty('parent_ids');
    const states = (items: JsonObject[]) =>
      new Set(items.map(({ ai_agent: agent }) => (agent as JsonObject | null)?.resolution_state));
    expect(states(await listOf(open, '2.16'))).toContain('escalated');
    const old = states(await listOf(open, '2.14'));
    expect(old).toContain('routed_to_team');
    expect(old).not.toContain('escalated');
    const [ticket] = (await open.ask('POST /tickets/search', searchBody({}), at('2.11'))).json.tickets;
    expect(typeof ticket?.ticket_state).toBe('string');
  });
});

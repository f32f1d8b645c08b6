import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createWorld, type WorldOptions } from '../../src/sandbox/world/create-world.ts';

/** An answer of the sandbox, as it came over HTTP. */
export interface SampleAnswer {
  /** `METHOD /path?query`. */
  readonly asked: string;
  readonly status: number;
  readonly body: unknown;
}

const HEADERS = {
  Authorization: 'Bearer token',
  Accept: 'application/json',
  'Content-Type': 'application/json',
  'Intercom-Version': '2.16',
};

type Ask = (
  asked: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Record<string, unknown>>;

const idsOf = (list: unknown): string[] => (list as { id: string }[]).map(({ id }) => id);

const conversationSearch = (perPage: number, value: unknown = 0) => ({
  query: { field: 'created_at', operator: '>', value },
  sort: { field: 'created_at', order: 'ascending' },
  pagination: { per_page: perPage },
});

/** The small tables and what is listed by pages. */
const askTables = async (ask: Ask): Promise<void> => {
  const paths = [
    '/segments /segments?include_count=true /subscription_types /brands /office_hours_schedules',
    '/data_attributes /data_attributes?model=contact&include_archived=true /data_attributes?model=company',
    '/conversations/attributes?include_archived=true /ticket_types /ticket_states /help_center/help_centers',
    '/help_center/collections /internal_articles /macros /macros?per_page=150 /macros?updated_since=1700000000',
  ]
    .join(' ')
    .split(' ');
  for (const path of paths) await ask(`GET ${path}`);
  const articles = await ask('GET /articles');
  for (const id of idsOf(articles.data).slice(0, 5)) await ask(`GET /articles/${id}`);
};

/** What hangs at contacts, for those of a page that have much of it and for a few more. */
const askContactLists = async (ask: Ask, ids: readonly string[]): Promise<void> => {
  for (const id of ids.slice(0, 40)) {
    for (const list of ['tags', 'notes', 'companies', 'segments', 'subscriptions', 'merge_history'])
      await ask(`GET /contacts/${id}/${list}`);
  }
};

/** Every operation, with what it answers when all is well. @returns ids of some conversations */
const askAll = async (ask: Ask): Promise<string[]> => {
  for (const path of ['/me', '/admins', '/teams', '/tags', '/conversations', '/contacts'])
    await ask(`GET ${path}`);
  await ask('GET /companies');
  await ask('POST /companies/list', { per_page: 2 });
  await ask('GET /companies/scroll');
  const listed = await ask('GET /contacts?per_page=150');
  for (const id of idsOf(listed.data).slice(0, 5)) await ask(`GET /contacts/${id}`);
  const [company] = idsOf((await ask('GET /companies?per_page=60')).data);
  await ask(`GET /companies/${company}`);
  await ask('POST /contacts/search', { query: { field: 'role', operator: '=', value: 'user' } });
  await askTables(ask);
  await askContactLists(ask, idsOf(listed.data));
  await ask(`GET /companies/${company}/segments`);
  const tickets = await ask('POST /tickets/search', conversationSearch(150));
  for (const id of idsOf(tickets.tickets).slice(0, 3)) await ask(`GET /tickets/${id}`);
  const quality = 'POST /conversations/search?include_monitors=true&include_scorecards=true';
  await ask(quality, conversationSearch(60));
  const found = await ask('POST /conversations/search', conversationSearch(150));
  const ids = idsOf(found.conversations);
  for (const id of ids) await ask(`GET /conversations/${id}`);
  await ask('GET /conversations/deleted?per_page=1');
  return ids;
};

/** What is answered when something is wrong. */
const askWrongly = async (ask: Ask, set: Sandbox['set']): Promise<void> => {
  set({ missingScopes: ['read_tickets', 'read_conversations'], planRestricted: ['/brands'] });
  for (const path of ['/ticket_types', '/macros', '/brands']) await ask(`GET ${path}`);
  set({ missingScopes: [], planRestricted: [] });
  await ask('GET /me', undefined, { Authorization: '' });
  await ask('GET /me', undefined, { 'Intercom-Version': '9.9' });
  await ask('GET /me', undefined, { Accept: 'text/html' });
  await ask('GET /conversations/deleted', undefined, { 'Intercom-Version': '2.15' });
  await ask('GET /conversations/1');
  await ask('GET /tickets/1');
  await ask('GET /articles/1');
  await ask('GET /contacts/1/tags');
  await ask('GET /data_attributes?model=conversation');
  await ask('POST /tickets/search', { query: { field: 'ticket_state', operator: '=', value: 1 } });
  await ask('GET /contacts/1');
  await ask('GET /companies/1');
  await ask('GET /companies?company_id=nobody');
  await ask('GET /companies/scroll');
  await ask('POST /conversations/search', { query: { field: 'colour', operator: '=', value: 1 } });
  await ask('POST /contacts/search', {
    query: { field: 'role', operator: '=', value: 'user' },
    sort: { field: 'created_at', order: 'desc' },
  });
  await ask('POST /conversations/search', { padding: 'x'.repeat(1_100_000) });
};

/** Changes much of a workspace, and asks for what has changed. */
const askChanged = async (ask: Ask, mutate: Sandbox['mutate'], ids: readonly string[]): Promise<void> => {
  const [first = '', second = '', third = ''] = ids;
  const added = mutate.addConversation();
  mutate.reply(first, { body: '<p>one more</p>' });
  mutate.reply(first, { body: '<p>an answer</p>', author: 'admin', part_type: 'close' });
  mutate.redact(first, mutate.reply(first, { body: '<p>secret</p>', author: 'bot' }));
  mutate.setTags(first, [{ id: '7300101', name: 'billing' }]);
  mutate.set(first, { priority: 'high' });
  mutate.delete(second);
  mutate.delete(third, true);
  const one = mutate.addContact();
  const two = mutate.addContact({ name: 'Zoë' });
  mutate.updateContact(two, { role: 'user' });
  mutate.mergeContact(one, two);
  const ticket = mutate.addTicket({}, { ticket_attributes: { Severity: 'High' } });
  mutate.setTicket(ticket, { ticket_attributes: { Reproducible: true, Severity: 'Low' } });
  mutate.setTicketState(ticket, 'waiting_on_customer');
  await ask(`GET /tickets/${ticket}`);
  const company = mutate.addCompany({ name: 'New & Co' });
  mutate.setCompany(company, { monthly_spend: 7 });
  mutate.setContactDetails(two, { companies: [company], notes: [] });
  mutate.put('articles', { id: '120', title: 'Changed' });
  for (const path of [`/companies/${company}`, `/contacts/${two}/companies`, '/articles/120'])
    await ask(`GET ${path}`);
  for (const id of [first, second, added, ticket]) await ask(`GET /conversations/${id}`);
  for (const id of [one, two]) await ask(`GET /contacts/${id}?include_merge_history=true`);
  await ask(`GET /contacts/${two}/merge_history`);
  await ask('GET /conversations/deleted?per_page=1');
};

/** Asks a sandbox of its own for everything it has, also for some conversations by their index, and after changes. */
export const sampleAnswers = async (
  options: WorldOptions,
  indexes: readonly number[] = [],
): Promise<SampleAnswer[]> => {
  const world = await createWorld(options);
  const sandbox = await startSandbox({ world });
  const answers: SampleAnswer[] = [];
  const ask: Ask = async (asked, body, headers = {}) => {
    const [method = '', path = ''] = asked.split(' ');
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: { ...HEADERS, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    answers.push({ asked, status: response.status, body: answer });
    return answer;
  };
  try {
    const ids = await askAll(ask);
    for (const index of indexes) await ask(`GET /conversations/${world.conversations.id(index)}`);
    await askChanged(ask, sandbox.mutate, ids);
    await askWrongly(ask, sandbox.set);
    return answers;
  } finally {
    await sandbox.close();
  }
};

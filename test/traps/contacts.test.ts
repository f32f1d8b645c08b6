import { expect, it } from 'vitest';
import { sqlRows } from '../support/sql.ts';
import { describeTraps, ourRequests, type Trap } from './support.ts';

const CONTACTS = { run: { only: ['contacts'] } };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Several dozen runs, one after the other. */
const TIME = { timeout: 120_000 };

const nameOf = async (trap: Trap, id: string): Promise<unknown> => {
  const payload = (await trap.mirrored('contacts')).get(id)?.payload ?? 'null';
  return (JSON.parse(payload) as { name?: unknown } | null)?.name;
};
const listings = (trap: Trap): number =>
  ourRequests(trap.sandbox).filter(({ path }) => path === '/contacts').length;

/** Operators in a query, of all of its levels. */
const operatorsOf = (query: unknown): string[] => {
  const { operator, value } = query as { operator: string; value: unknown };
  const inner = operator === 'AND' || operator === 'OR' ? (value as unknown[]).flatMap(operatorsOf) : [];
  return [operator, ...inner];
};

describeTraps('contacts that change', (open) => {
  it.each([
    ['UTC', Date.UTC(2027, 1, 9)],
    ['America/Los_Angeles', Date.UTC(2027, 1, 9)],
    ['Australia/Sydney', Date.UTC(2027, 1, 9)],
    // Clocks go forward at 10:00 UTC; back at 16:00 UTC of the day before.
    ['America/Los_Angeles', Date.UTC(2027, 2, 13, 20)],
    ['Australia/Sydney', Date.UTC(2027, 3, 3, 4)],
  ])('T15 are found where search knows days only: %s, %d', TIME, async (timeZone, start) => {
    let time = start;
    await using trap = await open({ conversations: 12, sandbox: { clock: { now: () => time } } });
    trap.sandbox.set({ timeZone });
    await trap.sync(CONTACTS);
    const ids = trap.contactIds();
    for (let step = 0; step < 12; step += 1) {
      time += 5 * 60_000;
      const id = ids[step % ids.length] ?? '';
      trap.sandbox.mutate.updateContact(id, { name: `Step ${step}` });
      time += 2_000;
      await trap.sync(CONTACTS);
      expect(await nameOf(trap, id), `step ${step}`).toBe(`Step ${step}`);
      time += 3 * HOUR_MS;
    }
    await trap.expectContactsMirrored();
    // By search: the list was read by the first sync alone.
    expect(listings(trap)).toBe(1);
  });

  it.each(['2.16', 'Preview'])('T16 are searched with operators that %s has for dates', async (version) => {
    await using trap = await open({ conversations: 20 });
    const client = { version };
    const run = { only: ['contacts', 'segments', 'conversations', 'tickets'] };
    for (let round = 0; round < 3; round += 1) {
      trap.sandbox.mutate.updateContact(trap.contactIds()[round] ?? '', { name: `Round ${round}` });
      trap.later(300);
      expect(await trap.sync({ client, run })).toMatchObject({ status: 'complete' });
    }
    await trap.sync({ client, run: { ...run, verify: true } });
    const searches = ourRequests(trap.sandbox).filter(({ path }) => path === '/contacts/search');
    expect(searches.length).toBeGreaterThan(2);
    const operators = new Set(
      searches.flatMap(({ body }) => operatorsOf((body as { query: unknown }).query)),
    );
    expect([...operators].filter((operator) => !['AND', 'OR', '=', '>', '<'].includes(operator))).toEqual([]);
    expect(ourRequests(trap.sandbox).filter(({ status }) => status === 400)).toEqual([]);
    await trap.expectContactsMirrored();
    // The simulated API refuses what must never be sent.
    const answer = await fetch(`${trap.sandbox.url}/contacts/search`, {
      method: 'POST',
      headers: {
        Authorization: 'Bearer sandbox',
        'Intercom-Version': '2.16',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ query: { field: 'updated_at', operator: '>=', value: 1 } }),
    });
    expect(answer.status).toBe(400);
  });

  it('T17 at midnight, and that no search shows, are in the list of the next week', async () => {
    let time = Date.UTC(2027, 1, 9, 12);
    await using trap = await open({ conversations: 12, sandbox: { clock: { now: () => time } } });
    trap.sandbox.set({ hiddenAroundMidnightSeconds: 120 });
    await trap.sync(CONTACTS);
    const id = trap.contactIds()[2] ?? '';
    time = Date.UTC(2027, 1, 9, 23, 59);
    trap.sandbox.mutate.updateContact(id, { name: 'Midnight' });
    time += 10 * 60_000;
    await trap.sync(CONTACTS);
    // Otherwise this says nothing.
    expect(await nameOf(trap, id)).not.toBe('Midnight');
    time += 7 * DAY_MS;
    await trap.sync(CONTACTS);
    expect(listings(trap)).toBe(2);
    await trap.expectContactsMirrored();
  });

  it('T47 lead from the merged one to the last of the chain', async () => {
    await using trap = await open({ conversations: 30 });
    await trap.sync();
    const rows = await trap.exported();
    const contactsOf = (row: (typeof rows)[number]): string[] =>
      (row.contacts as { contacts: { id: string }[] }).contacts.map(({ id }) => id);
    const [a = '', b = '', c = '', lost = ''] = [...new Set(rows.flatMap(contactsOf))];
    const { mutate } = trap.sandbox;
    mutate.mergeContact(a, b);
    mutate.mergeContact(b, c);
    // The sandbox's own 410 names its target by a path without a host.
    const gone = await fetch(`${trap.sandbox.url}/contacts/${a}`, {
      headers: { Authorization: 'Bearer sandbox', 'Intercom-Version': '2.16' },
    });
    expect([gone.status, gone.headers.get('link')]).toEqual([410, expect.stringMatching(/^<\/contacts\//)]);
    mutate.updateContact(c, { email: 'the.last@example.com' });
    mutate.archiveContact(lost);
    trap.sandbox.setFaults(({ path }) =>
      path === `/contacts/${lost}` ? { kind: 'status', status: 410, code: 'contact_merged' } : undefined,
    );
    trap.later(5);
    const result = await trap.sync({ run: { full: true } });
    // The one without a Link holds back nothing, and is no failure of the run.
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    const stored = await trap.mirrored('contacts');
    expect([a, b, c, lost].map((id) => stored.get(id)?.deletedAt === null)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    const aliases = await sqlRows(trap.place.url, 'select id, contact_id from contact_aliases');
    const targets = new Map(aliases.map((row) => [row.id, row.contact_id]));
    expect(targets).toEqual(
      new Map([
        [a, c],
        [b, c],
      ]),
    );
    // Conversations stay, and are found by who the customer is now.
    await trap.expectMirrored();
    const { summary } = await trap.query.searchConversations({ customer_email: 'the.last@example.com' });
    const wanted = rows.filter((row) => contactsOf(row).some((id) => [a, b, c].includes(id)));
    expect(summary.total_results).toBe(wanted.length);
  });

  const usersOf = async (trap: Trap): Promise<string[]> =>
    [...(await trap.mirrored('contacts')).values()].flatMap(({ key, payload }) =>
      (JSON.parse(payload) as { role?: unknown }).role === 'user' ? [key] : [],
    );
  const aliasesOf = async (trap: Trap): Promise<ReadonlyMap<unknown, unknown>> => {
    const rows = await sqlRows(trap.place.url, 'select id, contact_id, merged_at from contact_aliases');
    expect(rows.filter(({ merged_at: time }) => Number(time) < 1)).toEqual([]);
    return new Map(rows.map((row) => [row.id, row.contact_id]));
  };
  /** Queries of our searches for contacts that changed. */
  const searches = (trap: Trap): string[] =>
    ourRequests(trap.sandbox).flatMap(({ body, path, query }) =>
      path === '/contacts/search' && JSON.stringify(body).includes('updated_at') ? [query] : [],
    );
  const ASKED = /include_merge_history=true/;

  it('T47 lead from the merged one to the last of the chain after the next poll', async () => {
    await using trap = await open({ conversations: 30 });
    await trap.sync();
    const rows = await trap.exported();
    const [a = '', b = '', c = ''] = await usersOf(trap);
    const { mutate } = trap.sandbox;
    mutate.mergeContact(a, b);
    trap.later(5);
    await trap.sync();
    expect(await aliasesOf(trap)).toEqual(new Map([[a, b]]));
    mutate.mergeContact(b, c);
    mutate.updateContact(c, { email: 'the.last@example.com' });
    trap.later(5);
    expect(await trap.sync()).toMatchObject({ status: 'complete', incomplete: [] });
    expect(await aliasesOf(trap)).toEqual(
      new Map([
        [a, c],
        [b, c],
      ]),
    );
    const stored = await trap.mirrored('contacts');
    expect([a, b, c].map((id) => stored.get(id)?.deletedAt === null)).toEqual([false, false, true]);
    // By what changed: nothing was listed again, and nobody was asked for alone.
    expect(listings(trap)).toBe(1);
    expect(
      ourRequests(trap.sandbox).filter(({ path }) => [`/contacts/${a}`, `/contacts/${b}`].includes(path)),
    ).toEqual([]);
    const { summary } = await trap.query.searchConversations({ customer_email: 'the.last@example.com' });
    const wanted = rows.filter(({ contacts }) =>
      (contacts as { contacts: { id: string }[] }).contacts.some(({ id }) => [a, b, c].includes(id)),
    );
    expect(summary.total_results).toBe(wanted.length);
    // The same history again is no news.
    mutate.updateContact(c, { name: 'Once more' });
    trap.later(5);
    await trap.sync(CONTACTS);
    expect((await aliasesOf(trap)).size).toBe(2);
    await trap.expectContactsMirrored();
    await trap.expectMirrored();
  });

  it('T47 go without the history of merges where it is refused, until somebody starts a sync again', async () => {
    await using trap = await open({ conversations: 12 });
    await trap.sync(CONTACTS);
    const [id = ''] = await usersOf(trap);
    let refused = 0;
    trap.sandbox.setFaults(({ path }) => {
      if (path !== '/contacts/search' || refused > 0) return undefined;
      refused += 1;
      return { kind: 'status', status: 400, code: 'parameter_invalid' };
    });
    for (const name of ['First', 'Second']) {
      trap.sandbox.mutate.updateContact(id, { name });
      trap.later(5);
      expect(await trap.sync(CONTACTS)).toMatchObject({ status: 'complete', incomplete: [] });
      expect(await nameOf(trap, id)).toBe(name);
    }
    expect(searches(trap).map((query) => ASKED.test(query))).toEqual([true, false, true]);
    expect((await trap.status()).metadata.coverage.missing.join()).not.toContain('merges');
  });

  it('T47 do not ask for the history of merges before 2.16', async () => {
    await using trap = await open({ conversations: 12 });
    const process = { ...CONTACTS, client: { version: '2.15' } };
    await trap.sync(process);
    trap.sandbox.mutate.updateContact(trap.contactIds()[0] ?? '', { name: 'New' });
    trap.later(5);
    expect(await trap.sync(process)).toMatchObject({ status: 'complete' });
    expect(searches(trap).map((query) => ASKED.test(query))).toEqual([false]);
  });

  it('T49 and are in no list any more stay while they can be asked for', async () => {
    await using trap = await open({ conversations: 30 });
    await trap.sync();
    const [archived = '', deleted = ''] = trap.contactIds();
    trap.sandbox.mutate.archiveContact(archived);
    trap.sandbox.mutate.deleteContact(deleted);
    trap.later(5);
    expect(await trap.sync({ run: { full: true } })).toMatchObject({ status: 'complete' });
    const stored = await trap.mirrored('contacts');
    expect(stored.get(archived)?.deletedAt).toBeNull();
    expect(stored.get(deleted)?.deletedAt).not.toBeNull();
    // No conversation goes with them.
    await trap.expectMirrored();
  });

  it.each(['2.16', 'Preview'])('T87 are found whatever dates mean from run to run: %s', async (version) => {
    let time = Date.UTC(2027, 1, 9, 9);
    await using trap = await open({ conversations: 12, sandbox: { clock: { now: () => time } } });
    const ids = trap.contactIds();
    const process = { ...CONTACTS, client: { version } };
    await trap.sync(process);
    const meanings = ['exactSecond', 'day', null, 'day', 'exactSecond', 'exactSecond', 'day'] as const;
    for (const [round, contactDates] of meanings.entries()) {
      trap.sandbox.set({ contactDates });
      const id = ids[round % ids.length] ?? '';
      time += 5 * 60_000;
      trap.sandbox.mutate.updateContact(id, { name: `Round ${round}` });
      time += 2_000;
      await trap.sync(process);
      expect(await nameOf(trap, id), `round ${round}`).toBe(`Round ${round}`);
      time += 5 * HOUR_MS;
    }
    await trap.expectContactsMirrored();
    expect(listings(trap)).toBe(1);
  });
});

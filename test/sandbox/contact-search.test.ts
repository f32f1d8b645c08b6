import { describe, expect, test } from 'vitest';
import { localDay } from '../../src/sandbox/search/local-day.ts';
import { allPages, idsOf, openSandbox } from './support.ts';

const seconds = (iso: string): number => Date.parse(iso) / 1000;

describe('a day in a time zone', () => {
  test.each<[string, string, string, string]>([
    ['UTC', '2026-03-10T15:00:00Z', '2026-03-10T00:00:00Z', '2026-03-11T00:00:00Z'],
    ['America/Los_Angeles', '2026-03-10T05:00:00Z', '2026-03-09T07:00:00Z', '2026-03-10T07:00:00Z'],
    ['Australia/Sydney', '2026-03-10T15:00:00Z', '2026-03-10T13:00:00Z', '2026-03-11T13:00:00Z'],
    // Days of 23 and of 25 hours, and one that has no midnight.
    ['America/Los_Angeles', '2026-03-08T20:00:00Z', '2026-03-08T08:00:00Z', '2026-03-09T07:00:00Z'],
    ['America/Los_Angeles', '2025-11-02T20:00:00Z', '2025-11-02T07:00:00Z', '2025-11-03T08:00:00Z'],
    ['Africa/Cairo', '2026-04-24T12:00:00Z', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    ['Pacific/Kiritimati', '2026-01-01T12:00:00Z', '2026-01-01T10:00:00Z', '2026-01-02T10:00:00Z'],
  ])('%s at %s', (zone, at, start, end) => {
    expect(localDay(seconds(at), zone)).toEqual({ start: seconds(start), end: seconds(end) });
  });
});

describe.each(['America/Los_Angeles', 'UTC', 'Australia/Sydney'])('search of contacts in %s', (timeZone) => {
  test('cuts dates to days of the workspace: = is the day, > begins with the next, < ends before it', async () => {
    await using open = await openSandbox({ seed: 9, conversations: 150, timeZone });
    const { contacts } = open.world;
    const at = seconds('2026-03-10T15:00:00Z');
    const day = localDay(at, timeZone);
    const times = [day.start - 1, day.start, at - 1, at, at + 1, day.end - 1, day.end];
    for (const [index, time] of times.entries())
      open.sandbox.mutate.updateContact(contacts.id(index), { updated_at: time });
    const found = async (operator: string, value: number | string = at): Promise<Set<string>> =>
      new Set(
        idsOf(
          await allPages(open.ask, {
            path: '/contacts/search',
            query: { field: 'updated_at', operator, value },
            field: 'updated_at',
          }),
        ),
      );
    const among = (all: Set<string>): number[] =>
      times.map((_, index) => index).filter((index) => all.has(contacts.id(index)));
    expect(among(await found('='))).toEqual([1, 2, 3, 4, 5]);
    expect(among(await found('=', String(day.start)))).toEqual([1, 2, 3, 4, 5]);
    expect(among(await found('>'))).toEqual([6]);
    expect(among(await found('<'))).toEqual([0]);
    const all = [await found('='), await found('>'), await found('<')];
    expect(all.reduce((sum, some) => sum + some.size, 0)).toBe(contacts.count);
  });

  test('sorts by full seconds, as a sync of changes needs it', async () => {
    await using open = await openSandbox({ seed: 9, conversations: 150, timeZone });
    const day = 1_780_000_000;
    const query = {
      operator: 'OR',
      value: ['=', '>'].map((operator) => ({ field: 'updated_at', operator, value: day })),
    };
    const pages = await allPages(open.ask, {
      path: '/contacts/search',
      query,
      field: 'updated_at',
      order: 'descending',
      perPage: 9,
    });
    const times = pages.flatMap(({ data }) => data.map(({ updated_at: time }) => time));
    expect(times.length).toBeGreaterThan(20);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const from = localDay(day, timeZone).start;
    expect(times.length).toBe(open.world.contacts.times.updated_at.filter((time) => time >= from).length);
  });
});

describe('search of contacts', () => {
  test.each(['!=', '>=', '<=', 'IN', 'NIN', '~'])('%s on a date is refused', async (operator) => {
    await using open = await openSandbox({ seed: 9, conversations: 5 });
    for (const field of ['created_at', 'updated_at', 'last_seen_at']) {
      const { status, json } = await open.ask('POST /contacts/search', {
        query: { field, operator, value: operator.endsWith('IN') ? [1] : 1 },
      });
      expect(status).toBe(400);
      expect(json.errors[0]?.code).toBe('parameter_invalid');
    }
  });

  test('finds by role, e-mail, external id, tag, place and own attributes', async () => {
    await using open = await openSandbox({ seed: 9, conversations: 300 });
    const { contacts } = open.world;
    const all = Array.from({ length: contacts.count }, (_, index) => contacts.object(index));
    const found = async (field: string, operator: string, value: unknown): Promise<number> =>
      (await open.ask('POST /contacts/search', { query: { field, operator, value } })).json.total_count;
    const count = (fits: (contact: (typeof all)[number]) => boolean): number => all.filter(fits).length;
    expect(await found('role', '=', 'lead')).toBe(count(({ role }) => role === 'lead'));
    expect(await found('email', '$', 'example.net')).toBe(
      count(({ email }) => String(email).endsWith('example.net')),
    );
    expect(await found('external_id', '=', 'u-1')).toBe(count(({ external_id: id }) => id === 'u-1'));
    expect(await found('custom_attributes.plan', '=', 'pro')).toBe(
      count(({ custom_attributes: own }) => JSON.stringify(own).includes('"pro"')),
    );
    expect(await found('location.country', '=', 'Germany')).toBe(
      count(({ location }) => JSON.stringify(location).includes('Germany')),
    );
    expect(await found('tag_id', '=', '7300101')).toBe(
      count(({ tags }) => JSON.stringify(tags).includes('"7300101"')),
    );
    expect(await found('last_seen_at', '>', 0)).toBe(count(({ last_seen_at: time }) => time !== null));
  });

  test.each<[unknown, string]>([
    [{ field: 'colour', operator: '=', value: 1 }, 'invalid_field'],
    [{ field: 'tag_id', operator: 'IN', value: ['1'] }, 'parameter_invalid'],
    [{ field: 'updated_at', operator: '>', value: 'soon' }, 'parameter_invalid'],
  ])('refuses %j', async (query, code) => {
    await using open = await openSandbox({ seed: 9, conversations: 5 });
    const { status, json } = await open.ask('POST /contacts/search', { query });
    expect([status, json.errors[0]?.code]).toEqual([400, code]);
  });

  test('words a wrong order as Intercom does', async () => {
    await using open = await openSandbox({ seed: 9, conversations: 5 });
    const { json } = await open.ask('POST /contacts/search', {
      query: { field: 'role', operator: '=', value: 'user' },
      sort: { field: 'created_at', order: 'desc' },
    });
    expect(json.errors).toEqual([
      {
        code: 'invalid_sort_order',
        message: "Invalid sort order 'desc'. Must be one of: ascending, descending",
      },
    ]);
  });
});

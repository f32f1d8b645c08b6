import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { toIncomingCompany } from '../../src/sync/company-objects.ts';
import { toIncomingContact } from '../../src/sync/incoming-contact.ts';
import { TICKETS } from '../../src/sync/ticket-source.ts';
import { beginSync, incomingOf, list, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { openRaw, type RawRow } from './raw-database.ts';

const workspaceId = WORKSPACE.id;

describeEngines('entities', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  beforeEach(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
  });
  afterEach(() => place.drop());

  const rowsOf = async (query: string): Promise<readonly RawRow[]> => {
    const raw = await openRaw(place.url);
    const rows = await raw.query(query);
    await raw.close();
    return rows;
  };
  const stored = async (entity: string): Promise<number | undefined> =>
    (await store.read('readStatus', { workspaceId })).entities.find((row) => row.entity === entity)?.stored;
  const queued = async (entity: string): Promise<readonly string[]> =>
    (await store.read('listQueue', { workspaceId, entity, limit: 99, now: 9e12 })).map(({ id }) => id);
  const attributesOf = (entity: string) =>
    rowsOf(
      `select object_id, name, position, kind, text_value, number_value from custom_attribute_values where entity = '${entity}'`,
    );

  it('keeps standard attributes without an id, and two of the same name (T42)', async () => {
    const row = (object_key: string, id: string | null, name: string) => ({
      columns: {
        object_key,
        id,
        name,
        description: null,
        data_type: null,
        required: null,
        archived: 0,
        created_at: null,
        updated_at: null,
      },
      payload: `{"id":${id},"name":"${name}"}`,
    });
    await store.write('replaceSmallTable', {
      fence,
      entity: 'conversation_attributes',
      rows: [row('7', '7', 'Plan'), row('8', '8', 'Plan'), row('name:Plan', null, 'Plan')],
      fetchedAt: 5,
    });
    expect(await stored('conversation_attributes')).toBe(3);
    const found = await store.read('exportObjects', {
      workspaceId,
      entity: 'conversation_attributes',
      limit: 9,
      deleted: false,
    });
    expect(found.map((object) => [object.key, object.payload])).toEqual([
      ['7', '{"id":7,"name":"Plan"}'],
      ['8', '{"id":8,"name":"Plan"}'],
      ['name:Plan', '{"id":null,"name":"Plan"}'],
    ]);
  });

  const articles = (ids: readonly string[], listing: string, updatedAt = 1) =>
    store.write('applyListPage', {
      fence,
      entity: 'articles',
      listing,
      fetchedAt: 5,
      rows: ids.map((id) => ({
        columns: {
          id,
          title: `Article ${id}`,
          description: null,
          state: null,
          url: null,
          author_id: null,
          default_locale: null,
          created_at: 1,
          updated_at: updatedAt,
        },
        payload: `{"id":"${id}"}`,
      })),
    });
  const livingArticles = async () =>
    (await store.read('exportObjects', { workspaceId, entity: 'articles', limit: 9, deleted: false })).map(
      ({ key }) => key,
    );

  it('takes what a list no longer shows for gone only when the list was complete', async () => {
    expect(await articles(['1', '2'], 'a')).toEqual({ changed: 2 });
    expect(await articles(['3'], 'a')).toEqual({ changed: 1 });
    await store.write('endList', { fence, entity: 'articles', listing: 'a', begunAt: 6, deletedAt: 6 });
    expect(await livingArticles()).toEqual(['1', '2', '3']);
    // A listing that was not ended deletes nothing.
    expect(await articles(['1'], 'b')).toEqual({ changed: 0 });
    expect(await livingArticles()).toEqual(['1', '2', '3']);
    await articles(['1'], 'c', 2);
    await articles(['3'], 'c');
    await store.write('endList', { fence, entity: 'articles', listing: 'c', begunAt: 6, deletedAt: 7 });
    expect(await livingArticles()).toEqual(['1', '3']);
    expect(await stored('articles')).toBe(2);
    const all = await store.read('exportObjects', {
      workspaceId,
      entity: 'articles',
      limit: 9,
      deleted: true,
    });
    expect(all.map(({ deletedAt, key }) => [key, deletedAt])).toEqual([
      ['1', null],
      ['2', 7],
      ['3', null],
    ]);
    expect(await articles(['2'], 'd')).toEqual({ changed: 0 });
    expect(await stored('articles')).toBe(3);
  });

  it('exports page by page, what changed since a time', async () => {
    await articles(['1', '10', '9'], 'a');
    await articles(['2'], 'a', 50);
    const first = await store.read('exportObjects', {
      workspaceId,
      entity: 'articles',
      limit: 2,
      deleted: false,
    });
    expect(first.map(({ key }) => key)).toEqual(['1', '10']);
    const args = { workspaceId, entity: 'articles', limit: 9, deleted: false } as const;
    const next = await store.read('exportObjects', { ...args, after: '10' });
    expect(next.map(({ key }) => key)).toEqual(['2', '9']);
    expect((await store.read('exportObjects', { ...args, since: 50 })).map(({ key }) => key)).toEqual(['2']);
  });

  const company = (id: string, fields: object = {}) => {
    const payload = JSON.stringify({ type: 'company', id, name: `Company ${id}`, updated_at: 10, ...fields });
    const found = toIncomingCompany(payload, JSON.parse(payload));
    if (found === undefined) throw new Error('no company');
    return found;
  };
  const companies = (listing: string | null, ...items: ReturnType<typeof company>[]) =>
    store.write('applyCompanies', { fence, listing, companies: items, fetchedAt: 5 });
  const failCompany = (id: string, at: number) =>
    store.write('failCompanies', {
      fence,
      failures: [{ id, code: 'INTERCOM_NOT_FOUND', at, notBefore: 0 }],
      confirmAfterMs: 1_000,
      deletedAt: 77,
    });

  it('asks for a company that is no longer listed before it believes that it is gone (T12)', async () => {
    await companies('one', company('a'), company('b', { custom_attributes: { tier: 1 } }), company('c'));
    await companies('two', company('a'));
    expect(await store.write('endCompanyListing', { fence, listing: 'two', now: 100 })).toBe(2);
    expect(await stored('companies')).toBe(3);
    expect((await queued('companies')).toSorted()).toEqual(['b', 'c']);
    // It has no users any more: it is there, not listed, and not asked for again soon.
    await companies(null, company('c'));
    await failCompany('b', 5_000);
    expect(await stored('companies')).toBe(3);
    await failCompany('b', 5_500);
    expect(await stored('companies')).toBe(3);
    await failCompany('b', 6_001);
    expect(await stored('companies')).toBe(2);
    expect(await queued('companies')).toEqual([]);
    expect(await rowsOf('select id, listed, deleted_at from companies')).toEqual([
      { id: 'a', listed: 1, deleted_at: null },
      { id: 'b', listed: 0, deleted_at: 77 },
      { id: 'c', listed: 0, deleted_at: null },
    ]);
    expect(await attributesOf('companies')).toEqual([]);
    await companies('three', company('a'));
    expect(await store.write('endCompanyListing', { fence, listing: 'three', now: 100 })).toBe(0);
    expect(await store.write('endCompanyListing', { fence, listing: 'three', now: 1_000_000 })).toBe(1);
  });

  it('does not take an older company for news, but for a sign of life', async () => {
    await companies('one', company('a', { updated_at: 20, name: 'New' }));
    await store.write('endCompanyListing', { fence, listing: 'other', now: 100 });
    expect(await companies('two', company('a', { updated_at: 19, name: 'Old' }))).toBe(0);
    expect(await rowsOf('select name, listed from companies')).toEqual([{ name: 'New', listed: 1 }]);
  });

  const ticket = (id: string, fields: object = {}) => {
    const payload = JSON.stringify({ type: 'ticket', id, created_at: 5, updated_at: 10, ...fields });
    const found = TICKETS.endpoint.map(payload, JSON.parse(payload));
    if (found === undefined) throw new Error('no ticket');
    return found;
  };
  const tickets = (...items: ReturnType<typeof ticket>[]) =>
    store.write('applyTicketPage', {
      fence,
      step: { scanId: 'tickets', windowNo: 0, nextCursor: 'more' },
      tickets: items,
      fetchedAt: 5,
    });

  it('stores tickets with their contacts and attributes, and no older ones over newer ones', async () => {
    const contacts = (...ids: string[]) => ({ contacts: { contacts: ids.map((id) => ({ id })) } });
    const first = ticket('1', {
      ...contacts('x', 'y'),
      ticket_attributes: { Severity: 'Low', Steps: [1, 2] },
    });
    expect(await tickets(first, ticket('2'))).toBe(2);
    expect(await tickets(ticket('1', { updated_at: 9, title: 'old' }))).toBe(0);
    expect(await attributesOf('tickets')).toHaveLength(3);
    const newer = ticket('1', { updated_at: 11, ...contacts('y'), ticket_attributes: { Severity: 'High' } });
    expect(await tickets(newer)).toBe(1);
    expect(await rowsOf('select ticket_id, contact_id from ticket_contacts')).toEqual([
      { ticket_id: '1', contact_id: 'y' },
    ]);
    expect((await attributesOf('tickets')).map((row) => row.text_value)).toEqual(['High']);
    expect(await stored('tickets')).toBe(2);
  });

  it('takes a ticket away with its conversation', async () => {
    await list(store, fence, [incomingOf({ id: '1' }), incomingOf({ id: '2' })]);
    await tickets(ticket('1'), ticket('2'));
    await store.write('applyDeletions', { fence, deleted: [{ id: '1', deletedAt: 50 }] });
    expect(await stored('tickets')).toBe(1);
    expect(await rowsOf('select id, deleted_at from tickets')).toEqual([
      { id: '1', deleted_at: 50 },
      { id: '2', deleted_at: null },
    ]);
    // A search that lags shows it still.
    expect(await tickets(ticket('1', { updated_at: 11 }))).toBe(0);
    expect(await stored('tickets')).toBe(1);
  });

  it('moves the window of tickets on with the page', async () => {
    await store.write('startScan', {
      fence,
      entity: 'tickets',
      kind: 'backfill',
      scanId: 'tickets',
      field: 'created_at',
      startedAt: 9,
      since: 0,
      windows: [{ lower: 0, upper: 9 }],
    });
    await tickets(ticket('1'));
    const plan = await store.read('readSyncPlan', { workspaceId, entity: 'tickets', kind: 'backfill' });
    expect(plan.scan?.windows[0]?.nextCursor).toBe('more');
  });

  it('replaces custom attributes with their object, as typed values', async () => {
    const conversation = (custom_attributes: object, updated_at: number) =>
      incomingOf({ id: '1', updated_at, fields: { custom_attributes } });
    await list(store, fence, [
      conversation({ Plan: 'Pro', Seats: 3, Paid: true, Topics: ['a', 'b'] }, 1_700_000_001),
    ]);
    expect(await attributesOf('conversations')).toEqual([
      { object_id: '1', name: 'Paid', position: 0, kind: 'boolean', text_value: 'true', number_value: 1 },
      { object_id: '1', name: 'Plan', position: 0, kind: 'string', text_value: 'Pro', number_value: null },
      { object_id: '1', name: 'Seats', position: 0, kind: 'number', text_value: '3', number_value: 3 },
      { object_id: '1', name: 'Topics', position: 0, kind: 'string', text_value: 'a', number_value: null },
      { object_id: '1', name: 'Topics', position: 1, kind: 'string', text_value: 'b', number_value: null },
    ]);
    await list(store, fence, [conversation({ Plan: null, Topics: ['b'] }, 1_700_000_002)]);
    expect(
      (await attributesOf('conversations')).map((row) => [row.name, row.position, row.text_value]),
    ).toEqual([['Topics', 0, 'b']]);
    await list(store, fence, [conversation({}, 1_700_000_003)]);
    expect(await attributesOf('conversations')).toEqual([]);
  });

  it('finds the companies that others name and nothing lists', async () => {
    const lists = {
      companies: { data: [{ id: 'known' }, { id: 'unknown' }], total_count: 2, has_more: false },
    };
    const contact = toIncomingContact(JSON.stringify({ type: 'contact', id: 'c', ...lists })) ?? [];
    await store.write('applyContactPage', { fence, contacts: [contact].flat(), fetchedAt: 5 });
    await list(store, fence, [incomingOf({ id: '1', fields: { company: { id: 'other' } } })]);
    await companies('one', company('known'));
    expect(await store.read('unknownCompanies', { workspaceId, limit: 9 })).toEqual(['other', 'unknown']);
    await store.write('queueCompanies', { fence, ids: ['other'] });
    expect(await queued('companies')).toEqual(['other']);
  });

  const note = (state: 'ok' | 'no_permission', code: string | null = null) =>
    store.write('noteCapability', { fence, capability: 'tickets', state, code, checkedAt: 5 });

  it('lists conversations again when tickets may be read that were hidden (T20)', async () => {
    const plan = () => store.read('readSyncPlan', { workspaceId, entity: 'conversations', kind: 'backfill' });
    await list(store, fence, [], { step: { scanId: 'scan', windowNo: 0, nextCursor: null } });
    await store.write('finishScan', {
      fence,
      entity: 'conversations',
      kind: 'backfill',
      watermark: 1_700_000_500,
      completedAt: 43,
    });
    await note('no_permission', 'INTERCOM_FORBIDDEN');
    expect((await plan()).backfilled).toBe(true);
    expect(await store.read('readCapabilities', { workspaceId })).toEqual([
      { capability: 'tickets', state: 'no_permission', code: 'INTERCOM_FORBIDDEN', checkedAt: 5 },
    ]);
    await note('ok');
    expect((await plan()).backfilled).toBe(false);
    // What is known to be allowed hides nothing.
    await store.write('finishScan', {
      fence,
      entity: 'conversations',
      kind: 'backfill',
      watermark: 1_700_000_500,
      completedAt: 44,
    });
    await note('ok');
    expect((await plan()).backfilled).toBe(true);
  });

  it('begins a listing of conversations anew that had begun while tickets were hidden', async () => {
    await note('no_permission');
    await list(store, fence, [incomingOf({ id: '1' })]);
    await note('ok');
    const plan = await store.read('readSyncPlan', { workspaceId, entity: 'conversations', kind: 'backfill' });
    expect(plan).toMatchObject({ backfilled: false, scan: null, watermark: 1_700_000_500 });
  });

  it('refuses every write of a process that lost its lease', async () => {
    const old: Fence = { ...fence, epoch: fence.epoch - 1 };
    const refused = expect.objectContaining({ code: 'SYNC_LEASE_LOST' });
    const step = { scanId: 'scan', windowNo: 0, nextCursor: null };
    const writes = [
      () =>
        store.write('applyListPage', { fence: old, entity: 'macros', listing: 'a', rows: [], fetchedAt: 1 }),
      () => store.write('endList', { fence: old, entity: 'macros', listing: 'a', begunAt: 6, deletedAt: 1 }),
      () =>
        store.write('applyCompanies', { fence: old, listing: 'a', companies: [company('a')], fetchedAt: 1 }),
      () => store.write('endCompanyListing', { fence: old, listing: 'a', now: 1 }),
      () => store.write('failCompanies', { fence: old, failures: [], confirmAfterMs: 1, deletedAt: 1 }),
      () => store.write('queueCompanies', { fence: old, ids: ['a'] }),
      () => store.write('applyTicketPage', { fence: old, step, tickets: [ticket('1')], fetchedAt: 1 }),
      () =>
        store.write('applyContactLists', {
          fence: old,
          list: 'tags',
          contacts: [],
          failures: [],
          confirmAfterMs: 1,
        }),
      () =>
        store.write('noteCapability', {
          fence: old,
          capability: 'tags',
          state: 'ok',
          code: null,
          checkedAt: 1,
        }),
      () => store.write('applyMerges', { fence: old, merges: [{ id: 'a', into: 'b' }], fetchedAt: 1 }),
      () => store.write('deriveConversations', { fence: old, after: null, conversations: [] }),
      () => store.write('deriveContacts', { fence: old, after: null, contacts: [] }),
    ];
    for (const write of writes) await expect(write()).rejects.toEqual(refused);
    expect(await rowsOf('select * from companies')).toEqual([]);
    expect(await rowsOf('select * from tickets')).toEqual([]);
  });
});

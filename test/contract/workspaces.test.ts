import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import { createQueryService } from '../../src/query/create-query-service.ts';
import { exportConversations } from '../../src/query/export-conversations.ts';
import { exportObjects } from '../../src/query/export-objects.ts';
import type { QueryService } from '../../src/query/query-service.ts';
import { type OpenedStore, sqlitePathOf } from '../../src/storage/open-store.ts';
import { toIncomingCompany } from '../../src/sync/company-objects.ts';
import { toIncomingContact } from '../../src/sync/incoming-contact.ts';
import { TICKETS } from '../../src/sync/ticket-source.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, type ConversationSpec, hydrate, incomingOf, list, mirror, threadOf } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { openRaw, type RawRow } from './raw-database.ts';

const ONE = { id: 'ws-one', name: 'One', region: 'US', time_zone: 'Europe/Berlin' };
const TWO = { id: 'ws-two', name: 'Two', region: 'EU', time_zone: 'Asia/Tokyo' };

type Rows = Readonly<Record<string, readonly RawRow[]>>;
/** Every row of every table that belongs to a workspace, as the database itself holds it. */
const rowsOf = async (url: string, workspaceId: string): Promise<Rows> => {
  const raw = await openRaw(url);
  try {
    const tables = await raw.query(
      sqlitePathOf(url) === undefined
        ? `select table_name as name from information_schema.columns
            where table_schema = 'public' and column_name = 'workspace_id'`
        : `select t.name from sqlite_schema t, pragma_table_info(t.name) c
            where t.type = 'table' and c.name = 'workspace_id'`,
    );
    const found: Record<string, readonly RawRow[]> = {};
    for (const { name } of tables)
      found[String(name)] = await raw.query(
        `select * from ${String(name)} where workspace_id = '${workspaceId}'`,
      );
    return found;
  } finally {
    await raw.close();
  }
};

/** TRAPS T52: ids are unique within a workspace only. The two here have the same ids everywhere. */
describeEngines('T52: two workspaces with the same ids in one database', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let deps: { readonly reader: OpenedStore; readonly logger: typeof silentLogger };
  let query: QueryService;
  let fences: readonly [Fence, Fence];

  const specs = (of: string): ConversationSpec[] =>
    ['41', '42', '43'].map((id, index) => ({
      id,
      created_at: 1_700_000_000 + index,
      opening: `<p>shared words, ${of} ${id}</p>`,
      parts: [
        { id: `part-${id}`, body: `<p>reply of ${of}</p>`, author: { type: 'admin', id: 'a', name: of } },
      ],
      fields: {
        tags: { type: 'tag.list', tags: [{ type: 'tag', id: 't', name: `tag of ${of}` }] },
        admin_assignee_id: 'a',
        team_assignee_id: 'tm',
      },
    }));
  /** An article, a company and a ticket with the ids that the other workspace uses, too. */
  const things = async (fence: Fence, of: string, updatedAt: number): Promise<void> => {
    const columns = {
      id: '7',
      title: `article of ${of}`,
      description: null,
      state: null,
      url: null,
      author_id: null,
      default_locale: null,
      created_at: 1,
      updated_at: updatedAt,
    };
    const payload = JSON.stringify({ id: '7', title: `article of ${of}` });
    await store.write('applyListPage', {
      fence,
      entity: 'articles',
      listing: 'one',
      fetchedAt: 5,
      rows: [{ columns, payload }],
    });
    const firm = JSON.stringify({
      type: 'company',
      id: '7',
      name: `company of ${of}`,
      updated_at: updatedAt,
    });
    const company = toIncomingCompany(firm, JSON.parse(firm));
    await store.write('applyCompanies', {
      fence,
      listing: 'one',
      companies: company === undefined ? [] : [company],
      fetchedAt: 5,
    });
    const text = JSON.stringify({
      type: 'ticket',
      id: '7',
      created_at: 5,
      updated_at: updatedAt,
      contacts: { contacts: [{ id: 'contact-1' }] },
      ticket_attributes: { Severity: `severity of ${of}` },
    });
    const ticket = TICKETS.endpoint.map(text, JSON.parse(text));
    await store.write('applyTicketPage', {
      fence,
      step: { scanId: 'tickets', windowNo: 0, nextCursor: null },
      tickets: ticket === undefined ? [] : [ticket],
      fetchedAt: 5,
    });
  };
  const people = async (fence: Fence, of: string): Promise<void> => {
    const scan = {
      fence,
      entity: 'contacts',
      kind: 'backfill' as const,
      scanId: 'people',
      field: 'list' as const,
    };
    await store.write('startScan', {
      ...scan,
      startedAt: 5,
      since: 0,
      windows: [{ lower: 0, upper: 9 }],
    });
    const contact = {
      type: 'contact',
      id: 'contact-1',
      updated_at: 2,
      name: `Ann of ${of}`,
      email: `ann@${of}.example`,
      custom_attributes: { plan: `plan of ${of}` },
      tags: { data: [{ id: 't' }], total_count: 3, has_more: true },
    };
    const incoming = toIncomingContact(JSON.stringify(contact));
    await store.write('applyContactPage', {
      fence,
      step: { scanId: 'people', windowNo: 0, nextCursor: null },
      contacts: incoming === undefined ? [] : [incoming],
      fetchedAt: 5,
    });
    await things(fence, of, 10);
    for (const [entity, id] of [
      ['admins', 'a'],
      ['teams', 'tm'],
      ['tags', 't'],
    ] as const) {
      const columns = { id, name: `${entity} of ${of}`, ...(entity === 'admins' ? { email: null } : {}) };
      await store.write('replaceSmallTable', {
        fence,
        entity,
        rows: [{ columns, payload: '{}' }],
        fetchedAt: 5,
      });
    }
  };

  beforeEach(async () => {
    place = await create();
    store = await place.open();
    deps = { reader: store, logger: silentLogger };
    query = createQueryService(deps);
    fences = [await beginSync(store, ONE, 'one'), await beginSync(store, TWO, 'two')];
    for (const [index, of] of ['one', 'two'].entries()) {
      const fence = fences[index] as Fence;
      await mirror(store, fence, specs(of));
      await people(fence, of);
    }
  });
  afterEach(() => place.drop());

  const exported = async (workspace: string, deleted = false): Promise<string[]> => {
    const lines: string[] = [];
    const options = { workspace, deleted };
    for await (const line of exportConversations(deps, options)) lines.push(line);
    return lines;
  };

  it('reads one of them: search, thread, names, contacts, tags, status, export', async () => {
    for (const [of, other] of [
      ['one', 'two'],
      ['two', 'one'],
    ] as const) {
      const found = await query.searchConversations({ workspace: of, query: 'shared words' });
      expect(found.summary.total_results).toBe(3);
      expect(found.metadata.workspace).toBe(of);
      const thread = await query.getConversation({ workspace: of, id: '42' });
      expect(thread.conversation).toMatchObject({
        contacts: [{ id: 'contact-1', name: `Ann of ${of}` }],
        assignee: { name: `admins of ${of}` },
        team: { name: `teams of ${of}` },
      });
      const mine = { workspace: of, customer_email: `ann@${of}.example` };
      expect((await query.searchConversations(mine)).summary.total_results).toBe(3);
      const theirs = { workspace: of, customer_email: `ann@${other}.example` };
      expect((await query.searchConversations(theirs)).summary.total_results).toBe(0);
      expect((await query.searchConversations({ workspace: of, ids: ['42'] })).results).toHaveLength(1);
      const lines = await exported(of);
      expect(lines).toHaveLength(3);
      const status = await query.getSyncStatus({ workspace: of });
      expect(status.workspaces).toHaveLength(1);
      expect(status.metadata.coverage.conversations).toEqual({ known: 3, hydrated: 3 });
      const objects: string[] = [];
      for (const entity of ['articles', 'companies', 'tickets', 'contacts', 'admins'] as const)
        for await (const line of exportObjects(deps, entity, { workspace: of })) objects.push(line);
      expect(objects).toHaveLength(5);
      const all = JSON.stringify([found.results, thread, lines, status, objects]);
      expect(all).toContain(`reply of ${of}`);
      expect(all).not.toMatch(new RegExp(`of ${other}|ws-${other}|${other} 4`));
    }
  });

  it('changes no row of the other one, whatever is written under one', async () => {
    const before = await rowsOf(place.url, 'ws-one');
    expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(20);
    const fence = fences[1];
    const workspaceId = 'ws-two';
    const deleted = [{ id: '41', deletedAt: 9 }];
    await store.write('applyDeletions', { fence, deleted });
    await hydrate(store, fence, [
      threadOf({ id: '42', updated_at: 1_800_000_000, opening: '<p>redacted</p>' }),
    ]);
    await list(store, fence, [incomingOf({ id: '43', updated_at: 1_700_000_900 })]);
    await hydrate(store, fence, [], {
      failures: [{ id: '43', code: 'INTERCOM_SERVER_ERROR', at: 1, notBefore: 1_000_000 }],
    });
    await list(store, fence, [incomingOf({ id: '43', updated_at: 1_800_000_000 })]);
    for (const entity of ['admins', 'teams', 'tags'] as const)
      await store.write('replaceSmallTable', { fence, entity, rows: [], fetchedAt: 9 });
    await things(fence, 'nobody', 20);
    await store.write('endList', { fence, entity: 'articles', listing: 'two', begunAt: 6, deletedAt: 9 });
    await store.write('endCompanyListing', { fence, listing: 'two', now: 1_000_000 });
    await store.write('applyContactLists', {
      fence,
      list: 'tags',
      contacts: [{ contactId: 'contact-1', rows: [] }],
      failures: [],
      confirmAfterMs: 0,
    });
    await store.write('restartWindow', { fence, scanId: 'scan', windowNo: 0 });
    await list(store, fence, [], { step: { scanId: 'scan', windowNo: 0, nextCursor: null } });
    const finished = { fence, entity: 'conversations', kind: 'backfill' as const };
    await store.write('finishScan', { ...finished, watermark: 1_700_000_500, completedAt: 9 });
    await store.write('failEntity', { fence, entity: 'tags', code: 'INTERNAL' });
    const scope = { only: null, full: true };
    await store.write('requestSync', { workspaceId, requestId: 'r', scope, now: 1 });
    await store.write('startRun', { fence, runId: 'run', now: 2 });
    await store.write('releaseParked', { fence });
    const run = { workspaceId, runId: 'run', scope, now: 3, status: 'complete', requests: 1 };
    await store.write('finishRun', { ...run, result: '"two"', answers: true });
    while (await store.write('mergeSearchIndex', { fence }));
    await store.write('renewLease', { workspaceId, epoch: fence.epoch, ttlMs: 1 });
    await store.write('releaseLease', { workspaceId, epoch: fence.epoch });
    expect(await rowsOf(place.url, 'ws-one')).toEqual(before);
    expect(await exported('one')).toHaveLength(3);
    expect(await exported('two')).toHaveLength(2);
    expect((await query.getConversation({ workspace: 'one', id: '41' })).conversation.id).toBe('41');
    await expect(query.getConversation({ workspace: 'two', id: '41' })).rejects.toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    });
  });

  it('asks which one is meant, by alias or id, whatever the case, and lists those that there are', async () => {
    const ask = (workspace?: string) => query.searchConversations({ workspace, query: 'shared' });
    await expect(ask()).rejects.toMatchObject({
      code: 'WORKSPACE_REQUIRED',
      message: expect.stringMatching(/: one, two\.$/) as string,
    });
    await expect(ask('three')).rejects.toMatchObject({
      code: 'WORKSPACE_NOT_FOUND',
      message: expect.stringMatching(/"three".* one, two\.$/) as string,
    });
    expect((await ask(' TWO ')).metadata.workspace).toBe('two');
    expect((await ask('ws-two')).metadata.workspace).toBe('two');
    const all = await query.getSyncStatus({});
    expect(all.workspaces.map(({ aliases, workspace }) => [...aliases, workspace?.id])).toEqual([
      ['one', 'ws-one'],
      ['two', 'ws-two'],
    ]);
    expect(all.metadata.coverage.conversations).toEqual({ known: 6, hydrated: 6 });
    expect(all.metadata.coverage.missing).toContain('one: some conversations');
    expect(all.metadata.as_of).toBeNull();
  });

  it('takes a cursor for its own workspace only', async () => {
    const page = { query: 'shared', limit: 1 };
    const first = await query.searchConversations({ ...page, workspace: 'one' });
    const cursor = first.pagination.next_cursor ?? '';
    const invalid = { code: 'CURSOR_INVALID' };
    await expect(query.searchConversations({ ...page, workspace: 'two', cursor })).rejects.toMatchObject(
      invalid,
    );
    const second = await query.searchConversations({ ...page, workspace: 'ws-one', cursor });
    expect(second.results[0]?.id).not.toBe(first.results[0]?.id);
    const thread = { id: '42', limit: 1 };
    const parts = await query.getConversation({ ...thread, workspace: 'one' });
    const next = parts.pagination.next_cursor ?? '';
    await expect(query.getConversation({ ...thread, workspace: 'two', cursor: next })).rejects.toMatchObject(
      invalid,
    );
    expect((await query.getConversation({ ...thread, workspace: 'ONE', cursor: next })).parts[0]?.text).toBe(
      'reply of one',
    );
  });

  it('has a lease for each, and counts two aliases of one workspace once', async () => {
    await store.write('bindWorkspace', { alias: 'again', workspace: TWO });
    const bound = await store.read('listWorkspaces', {});
    expect(bound.map(({ aliases }) => aliases)).toEqual([['again', 'two'], ['one']]);
    const status = await query.getSyncStatus({ workspace: 'two' });
    expect(status.metadata.notes).toEqual([
      'The aliases again, two are of the same workspace; it is mirrored once.',
    ]);
    const lease = (workspaceId: string) =>
      store.write('acquireLease', { workspaceId, holder: 'other', ttlMs: 1_000 });
    expect(await lease('ws-one')).toMatchObject({ acquired: false });
    await store.write('releaseLease', { workspaceId: 'ws-one', epoch: fences[0].epoch });
    expect(await lease('ws-one')).toMatchObject({ acquired: true });
    expect(await lease('ws-two')).toMatchObject({ acquired: false });
  });

  it('binds an alias once, also when two processes do it at the same moment', async () => {
    const other = await place.open();
    const bind = (through: OpenedStore, workspace: typeof ONE) =>
      through.write('bindWorkspace', { alias: 'new', workspace });
    const outcomes = await Promise.allSettled([bind(store, ONE), bind(other, TWO)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'SYNC_WORKSPACE_MISMATCH' },
    });
  });
});

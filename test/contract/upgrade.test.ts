import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import { SQLITE_MIGRATIONS } from '../../src/storage/sqlite/migrations.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { deriveColumns } from '../../src/sync/derive-columns.ts';
import { toIncomingContact } from '../../src/sync/incoming-contact.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, hydrate, incomingOf, list, threadOf, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { downgrade, openRaw, type RawRow } from './raw-database.ts';

const workspaceId = WORKSPACE.id;
/** More than one step of the derivation. */
const CONVERSATIONS = 120;

const fields = (index: number) => ({
  custom_attributes: { Plan: index % 2 ? 'Pro' : 'Free', Seats: index, Big: '-' },
  statistics: {
    time_to_assignment: index,
    handling_time: 60 + index,
    last_contact_reply_at: 1_700_000_000 + index,
    last_closed_by_id: 7,
    count_assignments: 2,
    count_conversation_parts: 1,
  },
  conversation_rating: { rating: 4, created_at: 1_700_000_100, teammate: { type: 'admin', id: 9 } },
  ai_agent: { source_type: 'workflow', last_answer_type: 'ai_answer', rating: 3 },
});

const specOf = (index: number) => ({
  id: String(1_000 + index),
  created_at: 1_700_000_000 + index,
  fields: fields(index),
});

const contactJson = (index: number): string =>
  JSON.stringify({
    type: 'contact',
    id: `contact-${index}`,
    updated_at: 1_700_000_000,
    custom_attributes: { tier: index, account: 'A' },
    tags: {
      type: 'list',
      data: [{ type: 'tag', id: '1' }],
      total_count: index > 1 ? 12 : 1,
      has_more: index > 1,
    },
    notes: { type: 'list', data: [{ type: 'note', id: `n${index}` }], total_count: 1, has_more: false },
    companies: { type: 'list', data: [], total_count: 0, has_more: false },
  }).replace('"account":"A"', '"account":9007199254740993');

describeEngines('a mirror of the first version', (create) => {
  let place: TestPlace;
  let store: OpenedStore;
  let fence: Fence;
  beforeEach(async () => {
    place = await create();
    store = await place.open();
    fence = await beginSync(store);
  });
  afterEach(() => place.drop());

  const dump = async () => {
    const raw = await openRaw(place.url);
    const tables = [
      'conversations',
      'conversation_contents',
      'conversation_tags',
      'contacts',
      'custom_attribute_values',
      'contact_tags',
      'contact_notes',
      'contact_companies',
      'fetch_queue',
      'sync_scans',
      'sync_windows',
      'mirror_counts',
      'derivations',
    ];
    const rows: Record<string, readonly RawRow[]> = {};
    for (const table of tables) rows[table] = await raw.query(`select * from ${table}`);
    await raw.close();
    return rows;
  };

  /** A backfill that is half done: all is listed, some threads are here, one has a later listing, the cursor stands. */
  const fill = async () => {
    const specs = Array.from({ length: CONVERSATIONS }, (_, index) => specOf(index));
    await list(store, fence, specs.map(incomingOf));
    await hydrate(
      store,
      fence,
      specs.slice(0, 60).map((spec) => threadOf({ ...spec, parts: [{ id: 'p', body: '<p>part</p>' }] })),
    );
    const later = { ...specOf(3), updated_at: 1_800_000_000 };
    await list(store, fence, [
      incomingOf({ ...later, fields: { ...fields(3), custom_attributes: { Plan: 'Late' } } }),
    ]);
    await store.write('startScan', {
      fence,
      entity: 'contacts',
      kind: 'backfill',
      scanId: 'contacts',
      field: 'list',
      startedAt: 1,
      since: 0,
      windows: [{ lower: 0, upper: 1 }],
    });
    await store.write('applyContactPage', {
      fence,
      step: { scanId: 'contacts', windowNo: 0, nextCursor: 'more' },
      contacts: [0, 1, 2].flatMap((index) => toIncomingContact(contactJson(index)) ?? []),
      fetchedAt: 5,
    });
  };

  const derive = () =>
    deriveColumns({ store, fence, logger: silentLogger, signal: new AbortController().signal });

  it('gets its new columns from what is stored, and goes on with its backfill', async () => {
    await fill();
    const fresh = await dump();
    expect(fresh.custom_attribute_values?.length).toBeGreaterThan(CONVERSATIONS * 2);
    expect(fresh.contact_notes).toHaveLength(3);
    await store.close();
    await downgrade(place.url);
    const raw = await openRaw(place.url);
    // What waits for lists of contacts is news of the second version.
    await raw.run(`delete from fetch_queue where entity like 'contact_%'`);
    await raw.close();

    store = await place.open();
    expect(store.applied).toEqual(SQLITE_MIGRATIONS.map(({ version }) => version).slice(1));
    const upgraded = await dump();
    expect(upgraded.derivations).toHaveLength(2);
    expect(upgraded.conversations?.every((row) => row.handling_time === null)).toBe(true);
    expect(upgraded.sync_windows).toEqual(fresh.sync_windows);
    const status = await store.read('readStatus', { workspaceId });
    expect(status.deriving).toEqual(['contacts', 'conversations']);

    await derive();
    expect(await dump()).toEqual(fresh);
    expect((await store.read('readStatus', { workspaceId })).deriving).toEqual([]);
  });

  it('is derived from where it was stopped, and what was fetched meanwhile stays', async () => {
    await fill();
    await store.close();
    await downgrade(place.url);
    store = await place.open();
    const rows = await store.read('derivationPage', { workspaceId, entity: 'conversations', limit: 2 });
    const [first, second] = rows ?? [];
    expect([first?.id, second?.id]).toEqual(['1000', '1001']);
    await store.write('deriveConversations', { fence, after: second?.id ?? '', conversations: [] });
    // A newer listing of a row that was read already: the row is of the newer one.
    const newer = {
      ...specOf(5),
      updated_at: 1_850_000_000,
      fields: { custom_attributes: { Plan: 'Newer' } },
    };
    await list(store, fence, [incomingOf(newer)], { fetchedAt: 1_850_000_001 });
    const stale = incomingOf(specOf(5));
    await store.write('deriveConversations', {
      fence,
      after: second?.id ?? '',
      conversations: [{ ...stale, fetchedAt: 1_900_000_000 }],
    });
    await derive();
    const { conversations, custom_attribute_values: values } = await dump();
    const handled = new Map(conversations?.map((row) => [row.id, row.handling_time]));
    // The two that were skipped show that it began behind them.
    expect([handled.get('1000'), handled.get('1001'), handled.get('1002')]).toEqual([null, null, 62]);
    expect(values?.filter((row) => row.object_id === '1005').map((row) => row.text_value)).toEqual(['Newer']);
  });

  it('loses nothing over a payload that cannot be read', async () => {
    await fill();
    await store.close();
    await downgrade(place.url);
    const raw = await openRaw(place.url);
    const broken = place.url.startsWith('sqlite:') ? `x'00'` : `'\\x00'::bytea`;
    await raw.run(
      `update conversation_contents set payload = ${broken} where doc_id = (select doc_id from conversations where id = '1100')`,
    );
    await raw.close();
    store = await place.open();
    await derive();
    const { conversations, derivations } = await dump();
    expect(derivations).toEqual([]);
    expect(conversations?.filter((row) => row.handling_time === null).map((row) => row.id)).toEqual(['1100']);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Fence } from '../../src/data/writes/fence.ts';
import { mapContactListRow } from '../../src/entities/contact/mapping.ts';
import type { OpenedStore } from '../../src/storage/open-store.ts';
import { toIncomingContact } from '../../src/sync/incoming-contact.ts';
import { beginSync, WORKSPACE } from './builders.ts';
import { describeEngines, type TestPlace } from './engines.ts';
import { openRaw, type RawRow } from './raw-database.ts';

const workspaceId = WORKSPACE.id;

describeEngines('the lists of contacts', (create) => {
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
  const queued = async (entity: string): Promise<readonly string[]> =>
    (await store.read('listQueue', { workspaceId, entity, limit: 99, now: 9e12 })).map(({ id }) => id);

  const embedded = (ids: readonly string[], total = ids.length) => ({
    data: ids.map((id) => ({ id })),
    total_count: total,
    has_more: total > ids.length,
  });
  const contact = (id: string, fields: object) =>
    toIncomingContact(JSON.stringify({ type: 'contact', id, updated_at: 10, ...fields })) ?? [];
  const contacts = (id: string, fields: object) =>
    store.write('applyContactPage', { fence, contacts: [contact(id, fields)].flat(), fetchedAt: 5 });
  const lists = (kind: 'tags' | 'notes' | 'companies', contactId: string, payloads: readonly string[]) =>
    store.write('applyContactLists', {
      fence,
      list: kind,
      contacts: [{ contactId, rows: payloads.flatMap((payload) => mapContactListRow(payload) ?? []) }],
      failures: [],
      confirmAfterMs: 0,
    });
  const tagsOf = async () => (await rowsOf('select tag_id from contact_tags')).map((row) => row.tag_id);

  it('takes the lists that contacts embed, and queues those of which they embed a part', async () => {
    await contacts('c', { tags: embedded(['1', '2']), companies: embedded(['k']), notes: embedded([]) });
    expect(await tagsOf()).toEqual(['1', '2']);
    expect(await queued('contact_tags')).toEqual([]);
    await contacts('c', { tags: embedded(['2']), companies: embedded([]) });
    expect(await tagsOf()).toEqual(['2']);
    expect(await rowsOf('select * from contact_companies')).toEqual([]);

    await contacts('c', { tags: embedded(['2', '3'], 4) });
    expect(await tagsOf()).toEqual(['2', '3']);
    expect(await queued('contact_tags')).toEqual(['c']);
    await lists('tags', 'c', ['{"id":"2"}', '{"id":"3"}', '{"id":"4"}', '{"id":"5"}']);
    expect(await queued('contact_tags')).toEqual([]);
    // All of it is here: nothing to ask for, until the number or the beginning changes.
    await contacts('c', { tags: embedded(['2', '3'], 4) });
    expect(await queued('contact_tags')).toEqual([]);
    expect(await tagsOf()).toEqual(['2', '3', '4', '5']);
    await contacts('c', { tags: embedded(['2', '6'], 4) });
    expect(await queued('contact_tags')).toEqual(['c']);
    await lists('tags', 'c', ['{"id":"6"}']);
    expect(await tagsOf()).toEqual(['6']);
    // A list that the answer does not hold says nothing.
    await contacts('c', { tags: null });
    expect(await tagsOf()).toEqual(['6']);
  });

  it('fetches notes for their text, once', async () => {
    await contacts('c', { notes: embedded(['1', '2']) });
    expect(await queued('contact_notes')).toEqual(['c']);
    const note = (id: string) => `{"id":"${id}","author":{"id":"9"},"created_at":4,"body":"<p>${id}</p>"}`;
    await lists('notes', 'c', [note('1'), note('2')]);
    await contacts('c', { notes: embedded(['1', '2']) });
    expect(await queued('contact_notes')).toEqual([]);
    const [found] = await store.read('exportObjects', {
      workspaceId,
      entity: 'contacts',
      limit: 9,
      deleted: false,
    });
    expect(found?.lists?.notes).toEqual([note('1'), note('2')]);
    await contacts('c', { notes: embedded(['2', '3']) });
    expect(await queued('contact_notes')).toEqual(['c']);
    expect((await rowsOf('select note_id, author_id from contact_notes')).map((row) => row.note_id)).toEqual([
      '2',
      '3',
    ]);
  });

  it('knows who is in a segment, and forgets segments that are gone', async () => {
    const segments = (...ids: string[]) =>
      store.write('replaceSmallTable', {
        fence,
        entity: 'segments',
        rows: ids.map((id) => ({
          columns: { id, name: id, person_type: 'user', count: null, created_at: 1, updated_at: 1 },
          payload: '{}',
        })),
        fetchedAt: 5,
      });
    const members = (segmentId: string, ...contactIds: string[]) =>
      store.write('replaceSegmentMembers', { fence, segmentId, contactIds });
    await segments('a', 'b');
    expect(await store.read('listSegments', { workspaceId })).toEqual(['a', 'b']);
    await members('a', 'x', 'y', 'x');
    await members('b', 'x');
    await members('a', 'y', 'z');
    const inThem = async () =>
      (await rowsOf('select segment_id, contact_id from contact_segments')).map(
        (row) => `${String(row.segment_id)} ${String(row.contact_id)}`,
      );
    expect((await inThem()).toSorted()).toEqual(['a y', 'a z', 'b x']);
    await segments('a');
    await store.write('forgetSegments', { fence });
    expect((await inThem()).toSorted()).toEqual(['a y', 'a z']);
    const old = { ...fence, epoch: fence.epoch - 1 };
    const lost = { code: 'SYNC_LEASE_LOST' };
    await expect(store.write('forgetSegments', { fence: old })).rejects.toMatchObject(lost);
    await expect(
      store.write('replaceSegmentMembers', { fence: old, segmentId: 'a', contactIds: [] }),
    ).rejects.toMatchObject(lost);
  });

  it('gives up on the lists of a contact that is gone, after two answers', async () => {
    await contacts('c', { tags: embedded(['1'], 40) });
    const failed = (code: string, at: number) =>
      store.write('applyContactLists', {
        fence,
        list: 'tags',
        contacts: [],
        failures: [{ id: 'c', code, at, notBefore: 0 }],
        confirmAfterMs: 100,
      });
    await failed('INTERCOM_SERVER_ERROR', 1_000);
    await failed('INTERCOM_NOT_FOUND', 2_000);
    expect(await queued('contact_tags')).toEqual(['c']);
    await failed('INTERCOM_GONE', 3_000);
    expect(await queued('contact_tags')).toEqual([]);
    expect(await tagsOf()).toEqual(['1']);
  });
});

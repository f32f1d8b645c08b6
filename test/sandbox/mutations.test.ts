import { describe, expect, test } from 'vitest';
import { allPages, idsOf, nextCursor, type OpenSandbox, openSandbox, searchBody } from './support.ts';

const NOW = 1_795_000_000;
const start = (conversations = 40): Promise<OpenSandbox> =>
  openSandbox({ seed: 14, conversations }, { clock: { now: () => NOW * 1000 } });

const changedSince = async (open: OpenSandbox): Promise<string[]> =>
  idsOf(
    await allPages(open.ask, {
      query: { field: 'updated_at', operator: '>=', value: NOW },
      field: 'updated_at',
    }),
  );

describe('while it runs', () => {
  test('a reply is a part at the end, and moves updated_at, counts and state', async () => {
    await using open = await start();
    const { mutate } = open.sandbox;
    const id = open.world.conversations.id(3);
    mutate.set(id, { state: 'closed', open: false }, false);
    const before = await open.conversation(id);
    const partId = mutate.reply(id, { body: '<p>Still broken</p>' });
    const after = await open.conversation(id);
    const last = after.conversation_parts.conversation_parts.at(-1);
    expect(last).toMatchObject({
      id: partId,
      part_type: 'open',
      body: '<p>Still broken</p>',
      created_at: NOW,
    });
    expect(last?.author.type).toBe(before.source.author.type);
    expect(after).toMatchObject({ state: 'open', open: true, updated_at: NOW });
    expect(after.conversation_parts.total_count).toBe(before.conversation_parts.total_count + 1);
    expect(after.statistics).toMatchObject({
      count_conversation_parts: Number(before.statistics?.count_conversation_parts) + 1,
      count_reopens: Number(before.statistics?.count_reopens) + 1,
      last_contact_reply_at: NOW,
    });
    mutate.reply(id, { body: '<p>Fixed</p>', author: 'admin', part_type: 'close' });
    mutate.reply(id, { body: '<p>Anything else?</p>', author: 'bot' });
    const parts = (await open.conversation(id)).conversation_parts.conversation_parts;
    expect(parts.slice(-2).map(({ part_type: type, author }) => [type, author.type])).toEqual([
      ['close', 'admin'],
      ['comment', 'bot'],
    ]);
    expect(await changedSince(open)).toEqual([id]);
  });

  test('of more than 500 parts the newest 500 are shown, with the true count', async () => {
    await using open = await start();
    const id = open.world.conversations.id(3);
    const { total_count: before } = (await open.conversation(id)).conversation_parts;
    const added = Array.from({ length: 520 }, (_, index) =>
      open.sandbox.mutate.reply(id, { body: `<p>${index}</p>` }),
    );
    const { conversation_parts: parts, total_count: total } = (await open.conversation(id))
      .conversation_parts;
    expect(total).toBe(before + 520);
    expect(parts.map(({ id: partId }) => partId)).toEqual(added.slice(-500));
  });

  test('a new conversation stands behind all others, complete', async () => {
    await using open = await start();
    const id = open.sandbox.mutate.addConversation();
    const item = await open.conversation(id);
    expect(item).toMatchObject({ id, created_at: NOW, updated_at: NOW });
    expect(Number(id)).toBeGreaterThan(Number(open.world.conversations.id(39)));
    expect(item.source.body).toMatch(/^<p>/);
    const all = idsOf(await allPages(open.ask, { field: 'created_at' }));
    expect([all.length, all.at(-1)]).toEqual([41, id]);
    const second = open.sandbox.mutate.addConversation();
    expect(second).not.toBe(id);
    const parts = [item, await open.conversation(second)].flatMap(
      ({ conversation_parts: list }) => list.conversation_parts,
    );
    expect(new Set(parts.map(({ id: partId }) => partId)).size).toBe(parts.length);
  });

  test('an imported one is old by its creation and new by its change', async () => {
    await using open = await start();
    const id = open.sandbox.mutate.addConversation({ created_at: 1_500_000_000 });
    expect(idsOf(await allPages(open.ask, { field: 'created_at' }))[0]).toBe(id);
    expect(await changedSince(open)).toEqual([id]);
  });

  test('an empty workspace gets its first conversation', async () => {
    await using open = await start(0);
    const id = open.sandbox.mutate.addConversation({ custom_attributes: {} });
    expect(idsOf(await allPages(open.ask))).toEqual([id]);
    expect((await open.conversation(id)).id).toBe(id);
  });

  test('fields change with or without updated_at', async () => {
    await using open = await start();
    const [quiet, loud] = [open.world.conversations.id(1), open.world.conversations.id(2)];
    const rating = { rating: 1, remark: null, created_at: NOW, updated_at: NOW };
    open.sandbox.mutate.set(quiet, { conversation_rating: rating }, false);
    open.sandbox.mutate.set(loud, { conversation_rating: rating });
    open.sandbox.mutate.setTags(loud, [{ id: '1', name: 'new' }]);
    expect((await open.conversation(quiet)) as unknown).toMatchObject({ conversation_rating: { rating: 1 } });
    expect((await open.conversation(loud)).tags.tags).toEqual([{ type: 'tag', id: '1', name: 'new' }]);
    expect(await changedSince(open)).toEqual([loud]);
  });

  test('redaction blots out a part or the opening message, and moves updated_at', async () => {
    await using open = await start();
    const { mutate } = open.sandbox;
    const id = open.world.conversations.id(3);
    const partId = mutate.reply(id, { body: '<p>4111 1111 1111 1111</p>' });
    mutate.redact(id, partId);
    const { source, conversation_parts: list, updated_at: updated } = await open.conversation(id);
    const part = list.conversation_parts.find((each) => each.id === partId);
    expect(part).toMatchObject({
      redacted: true,
      body: '<p><i>This message was deleted</i></p>',
      updated_at: updated,
    });
    mutate.redact(id, source.id);
    expect((await open.conversation(id)).source).toMatchObject({ redacted: true, body: part?.body });
    expect(() => mutate.redact(id, '1')).toThrow('Part not found');
  });

  test('a deleted conversation is gone, and in the feed of deletions', async () => {
    await using open = await start();
    const ids = [5, 6, 7].map((index) => open.world.conversations.id(index));
    for (const [index, id] of ids.entries()) open.sandbox.mutate.delete(id, index === 1);
    expect((await open.ask(`GET /conversations/${ids[0]}`)).status).toBe(404);
    expect(idsOf(await allPages(open.ask))).toHaveLength(37);
    const feed = async (query: string) => (await open.ask(`GET /conversations/deleted${query}`)).json;
    const first = await feed('?per_page=2');
    expect(first.conversations).toEqual([
      { type: 'conversation', id: ids[2], metrics_retained: false, deleted_at: NOW },
      { type: 'conversation', id: ids[1], metrics_retained: true, deleted_at: NOW },
    ]);
    expect(first).toMatchObject({ type: 'conversations.list', total_count: 3 });
    expect(first.pages.next).toBe(
      'https://api.intercom.io/conversations/deleted?per_page=2&order=desc&page=2',
    );
    expect(idsOf([await feed('?per_page=2&page=2')])).toEqual([ids[0]]);
    expect(idsOf([await feed('?order=asc')])).toEqual(ids);
    expect((await feed('?per_page=500')).pages.per_page).toBe(60);
    expect(() => open.sandbox.mutate.delete(ids[0] ?? '')).toThrow('Conversation not found');
  });

  test('contacts come, change, merge and go', async () => {
    await using open = await start();
    const { mutate } = open.sandbox;
    const [a = '', b = '', c = ''] = [0, 1, 2].map((index) => open.world.contacts.id(index));
    const added = mutate.addContact({ name: 'New' });
    mutate.updateContact(a, { name: 'Changed' });
    expect((await open.ask(`GET /contacts/${a}`)).json).toMatchObject({ name: 'Changed', updated_at: NOW });
    expect((await open.ask(`GET /contacts/${added}`)).json).toMatchObject({ name: 'New', created_at: NOW });
    mutate.mergeContact(a, b);
    mutate.mergeContact(b, c);
    const merged = await open.ask(`GET /contacts/${a}`);
    expect([merged.status, merged.json.errors[0]?.code]).toEqual([410, 'contact_merged']);
    expect(merged.headers.get('link')).toBe(`</contacts/${c}>; rel="canonical"`);
    mutate.deleteContact(added);
    expect((await open.ask(`GET /contacts/${added}`)).status).toBe(404);
    const listed = await open.ask('GET /contacts?per_page=150');
    expect(listed.json.total_count).toBe(open.world.contacts.count - 2);
    expect(listed.json.data.map(({ id }) => id)).not.toContain(a);
  });

  test('a change between two pages is seen by the next page', async () => {
    await using open = await start();
    const options = { field: 'updated_at', perPage: 10 };
    const { json: first } = await open.ask('POST /conversations/search', searchBody(options));
    const { json: all } = await open.ask('POST /conversations/search', searchBody({ field: 'updated_at' }));
    const bumped = idsOf([all])[15] ?? '';
    open.sandbox.mutate.touch(bumped);
    const rest = await open.ask(
      'POST /conversations/search',
      searchBody({ ...options, perPage: 150 }, nextCursor(first)),
    );
    expect(idsOf([rest.json]).at(-1)).toBe(bumped);
    expect(new Set([...idsOf([first]), ...idsOf([rest.json])]).size).toBe(40);
  });

  test('an answer is what it was when it was asked for', async () => {
    await using open = await start();
    open.sandbox.set({ latencyMs: 80 });
    const id = open.world.conversations.id(3);
    const asked = open.conversation(id);
    while (open.sandbox.requests().total === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    open.sandbox.mutate.set(id, { title: 'later' });
    expect((await asked).updated_at).toBeLessThan(NOW);
  });
});

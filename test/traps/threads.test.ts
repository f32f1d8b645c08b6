import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/sandbox/world.ts';
import { type Logger, silentLogger } from '../../src/telemetry/logger.ts';
import { sqlRows } from '../support/sql.ts';
import type { Json } from './oracle.ts';
import { describeTraps, isListing, isThread, type Trap } from './support.ts';

const part = (id: string | number, body: string | null, fields: JsonObject = {}): JsonObject => ({
  type: 'conversation_part',
  id,
  part_type: 'comment',
  body,
  created_at: 1_790_000_000,
  updated_at: 1_790_000_000,
  notified_at: 1_790_000_000,
  assigned_to: null,
  author: { type: 'admin', id: '991', name: 'Ann', email: 'ann@example.com' },
  attachments: [],
  external_id: null,
  redacted: false,
  ...fields,
});

const listOf = (parts: readonly JsonObject[]): JsonObject => ({
  type: 'conversation_part.list',
  conversation_parts: [...parts],
  total_count: parts.length,
});

/** Gives a conversation exactly these parts. */
const setParts = (trap: Trap, id: string, parts: readonly JsonObject[]): void =>
  trap.sandbox.mutate.set(id, { conversation_parts: listOf(parts), statistics: null });

const row = async (trap: Trap, id: string): Promise<Json & { parts: Json[]; _mirror: Json }> => {
  const found = (await trap.exported()).find((each) => each.id === id);
  if (found === undefined) throw new Error(`${id} is not in the mirror`);
  return found as Json & { parts: Json[]; _mirror: Json };
};

const found = async (trap: Trap, query: string): Promise<string[]> =>
  (await trap.query.searchConversations({ query })).results.map(({ id }) => id);

describeTraps('completeness of one conversation', (open) => {
  it('T25 keeps the parts that Intercom no longer gives, and says that some may be missing', async () => {
    await using trap = await open({ conversations: 10 });
    await using fresh = await open({ conversations: 10 });
    const id = String((await trap.ids())[4]);
    const many = (from: number, until: number): JsonObject[] =>
      Array.from({ length: until - from }, (_, index) =>
        part(String(from + index), `<p>${from + index}</p>`),
      );
    setParts(trap, id, many(1, 491));
    trap.later(2);
    await trap.sync();
    expect((await row(trap, id)).parts).toHaveLength(1 + 490);
    expect((await row(trap, id))._mirror).toMatchObject({ parts_truncated: false });
    setParts(trap, id, many(1, 791));
    trap.later(2);
    await trap.sync();
    const grown = await row(trap, id);
    expect(grown.parts.slice(1).map((each) => each.id)).toEqual(many(1, 791).map((each) => each.id));
    expect(grown._mirror).toMatchObject({ parts_truncated: true, hydrated: true });
    await trap.expectMirrored();
    // A mirror that was not there before has the newest 500, and says so.
    setParts(fresh, id, many(1, 791));
    fresh.later(2);
    await fresh.sync();
    const late = await row(fresh, id);
    expect(late.parts.slice(1).map((each) => each.id)).toEqual(many(291, 791).map((each) => each.id));
    expect(late._mirror).toMatchObject({ parts_truncated: true, hydrated: true });
    await fresh.expectMirrored();
  });

  it('T26 fetches each new or changed thread once, and none that is unchanged', async () => {
    await using trap = await open({ conversations: 40 });
    await trap.sync();
    expect([...trap.threadsServed().values()]).toEqual(Array.from({ length: 40 }, () => 1));
    trap.later(5);
    const ids = await trap.ids();
    const changed = [3, 9, 27].map((index) => String(ids[index]));
    for (const id of changed) trap.sandbox.mutate.reply(id, { body: '<p>more</p>' });
    const added = trap.sandbox.mutate.addConversation();
    trap.later(5);
    await trap.sync();
    const served = trap.threadsServed();
    expect(served.size).toBe(41);
    expect(
      [...served]
        .filter(([, times]) => times === 2)
        .map(([id]) => id)
        .toSorted(),
    ).toEqual(changed.toSorted());
    expect(served.get(added)).toBe(1);
    await trap.expectMirrored();
    expect(trap.threadsServed()).toEqual(served);
  });

  it('T27 finds a conversation of one message by its opening', async () => {
    await using trap = await open({ conversations: 10 });
    const template = await trap.conversation(String((await trap.ids())[0]));
    const source = { ...(template.source as JsonObject), body: '<p>Zanzibar <b>umbrella</b></p>' };
    const id = trap.sandbox.mutate.addConversation({ source, conversation_parts: listOf([]) });
    trap.later(2);
    await trap.sync();
    expect(await found(trap, 'zanzibar umbrella')).toEqual([id]);
    expect((await row(trap, id)).parts).toMatchObject([{ type: 'source', body: source.body }]);
    await trap.expectMirrored();
  });

  it('T28 keeps and finds text on parts that are no comments', async () => {
    await using trap = await open({ conversations: 10 });
    const ids = await trap.ids();
    const kinds = ['close', 'assignment', 'note_and_reopen', 'open'];
    for (const [index, kind] of kinds.entries())
      trap.sandbox.mutate.reply(String(ids[index]), {
        body: `<p>wombat${index} rides along</p>`,
        author: 'admin',
        part_type: kind,
      });
    trap.later(10);
    await trap.sync();
    for (const index of kinds.keys()) expect(await found(trap, `wombat${index}`)).toEqual([ids[index]]);
    await trap.expectMirrored();
  });

  it('T29 stores kinds of parts, authors and channels that nobody knows', async () => {
    await using trap = await open({ conversations: 10 });
    const [first = '', second = ''] = await trap.ids();
    setParts(trap, first, [
      part('71', '<p>beamed over</p>', { part_type: 'quantum_handoff', author: { type: 'alien', id: 'x9' } }),
      part('72', '<p>and back</p>', { assigned_to: { type: 'robot', id: null } }),
    ]);
    const { source } = await trap.conversation(second);
    trap.sandbox.mutate.set(second, {
      state: 'pondering',
      priority: 'cosmic',
      source: { ...(source as JsonObject), type: 'hologram', delivered_as: 'dream' },
    });
    trap.later(2);
    const logged: Json[] = [];
    const logger = Object.assign(Object.create(silentLogger) as Logger, {
      info: (fields: Json) => logged.push(fields),
      child: () => logger,
    });
    expect(await trap.sync({ logger })).toMatchObject({ status: 'complete', incomplete: [] });
    expect(logged.filter(({ part_type, author_type }) => part_type ?? author_type)).toEqual([
      { part_type: 'quantum_handoff', conversation_id: first },
      { author_type: 'alien', conversation_id: first },
    ]);
    expect((await row(trap, first)).parts[1]).toMatchObject({
      type: 'quantum_handoff',
      author: { type: 'alien' },
    });
    expect(await found(trap, 'beamed')).toEqual([first]);
    await trap.expectMirrored();
  });

  it('T30 keeps a part that came between two windows', async () => {
    await using trap = await open({ conversations: 30 });
    await trap.sync();
    const id = String((await trap.ids())[12]);
    trap.later(3_600);
    trap.sandbox.mutate.reply(id, { body: '<p>first part of the gap</p>' });
    trap.later(60);
    let moved = false;
    trap.sandbox.setFaults((request) => {
      // The window is drawn and about to be asked for; the change takes the conversation out of it.
      if (!isListing(request) || moved) return undefined;
      moved = true;
      trap.later(60);
      trap.sandbox.mutate.reply(id, { body: '<p>second part</p>' });
      return undefined;
    });
    await trap.sync();
    trap.later(60);
    await trap.sync();
    const bodies = (await row(trap, id)).parts.map(({ body }) => body);
    expect(bodies).toEqual(expect.arrayContaining(['<p>first part of the gap</p>', '<p>second part</p>']));
    await trap.expectMirrored();
  });

  it('T32 takes an id as number and as text for the same', async () => {
    await using trap = await open({ conversations: 10 });
    const id = String((await trap.ids())[2]);
    const team = 5_017_691;
    const author = { type: 'admin', id: 274, name: 'Operator', email: 'op@example.com' };
    setParts(trap, id, [part(9, '<p>nine</p>', { author }), part('10', '<p>ten</p>')]);
    trap.sandbox.mutate.set(id, { admin_assignee_id: 274, team_assignee_id: team });
    trap.later(5);
    await trap.sync();
    const before = await trap.query.searchConversations({ admin_assignee_id: '274' });
    setParts(trap, id, [
      part('9', '<p>nine</p>', { author: { ...author, id: '274' } }),
      part(10, '<p>ten</p>'),
    ]);
    trap.sandbox.mutate.set(id, { admin_assignee_id: '274', team_assignee_id: String(team) });
    trap.later(5);
    await trap.sync();
    const after = await trap.query.searchConversations({ admin_assignee_id: '274' });
    for (const answer of [before, after]) expect(answer.results.map((hit) => hit.id)).toEqual([id]);
    expect((await row(trap, id)).parts.map((each) => each.id)).toEqual([expect.any(String), '9', '10']);
    await trap.expectMirrored();
  });

  it('T34 keeps nasty bodies byte for byte', { timeout: 120_000 }, async () => {
    await using trap = await open({ conversations: 10 });
    const [id = ''] = await trap.ids();
    const image = `<img src="data:image/png;base64,${'iVBORw0KGgo'.repeat(20_000)}" alt="screenshot">`;
    const bodies = [
      '<p>👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301</p>',
      '<p>‏مرحبا بالعالم‎ שלום</p>',
      'NUL \0 in the middle',
      'lone \ud83d high, lone \udc00 low',
      '<p>O&#39;Neill &amp;amp; &lt;script&gt;</p>',
      `<p>pasted</p>${image}`,
      `<div>${'<p>five megabytes of it </p>'.repeat(200_000)}capybara</div>`,
      '<p>unclosed <b <i>',
      '\ufeff\u2028\u2029\u0085',
    ];
    setParts(
      trap,
      id,
      bodies.map((body, index) =>
        part(String(index + 1), body, { author: { type: 'user', id: 'c', name: 'O&#39;Neill' } }),
      ),
    );
    trap.later(2);
    expect(await trap.sync()).toMatchObject({ status: 'complete' });
    expect((await row(trap, id)).parts.slice(1).map(({ body }) => body)).toEqual(bodies);
    expect(await found(trap, 'pasted')).toEqual([id]);
    await trap.expectMirrored();
  });

  it('T39 keeps the statistics that Intercom gives, whatever the times say', async () => {
    await using trap = await open({ conversations: 10 });
    const [id = ''] = await trap.ids();
    const { created_at: created } = await trap.conversation(id);
    const statistics = {
      type: 'conversation_statistics',
      // Over a weekend: two days by the clock, 90 seconds of office hours.
      time_to_admin_reply: 90,
      time_to_first_close: 120,
      first_contact_reply_at: Number(created) + 10,
      first_admin_reply_at: Number(created) + 172_800,
      first_close_at: Number(created) + 180_000,
      last_close_at: Number(created) + 180_000,
      count_reopens: 3,
      median_time_to_reply: 77,
    };
    trap.sandbox.mutate.set(id, { statistics });
    trap.later(2);
    await trap.sync();
    const [columns] = await sqlRows(
      trap.place.url,
      `select time_to_admin_reply, time_to_first_close, count_reopens, closed_at from conversations where id = '${id}'`,
    );
    expect(Object.values(columns ?? {}).map(Number)).toEqual([90, 120, 3, statistics.last_close_at]);
    await trap.expectMirrored();
  });

  it('T43 takes authors without a name, an address, or anything', async () => {
    await using trap = await open({ conversations: 10 });
    const [first = '', second = '', third = ''] = await trap.ids();
    const notice = '<p>This tweet cannot be shown.</p>';
    const blank = { type: '', id: '', name: '', email: '' };
    for (const [id, author] of [
      [first, blank],
      [second, null],
      [third, {}],
    ] as const) {
      const { source } = await trap.conversation(id);
      trap.sandbox.mutate.set(id, {
        source: { ...(source as JsonObject), type: 'twitter', author, body: notice, url: '' },
        conversation_parts: listOf([part('31', notice, { author })]),
      });
    }
    trap.later(2);
    expect(await trap.sync()).toMatchObject({ status: 'complete' });
    expect((await found(trap, '"cannot be shown"')).toSorted()).toEqual([first, second, third].toSorted());
    await trap.expectMirrored();
  });

  it('T44 takes out what is gone between list and GET, after a second look, and does the rest', async () => {
    await using trap = await open({ conversations: 60 });
    const ids = await trap.ids();
    const doomed = new Set([10, 25, 40].map((index) => String(ids[index])));
    const hidden = String(ids[50]);
    let hiddenOnce = false;
    trap.sandbox.setFaults((request) => {
      if (!isThread(request)) return undefined;
      const id = request.path.split('/').at(-1) ?? '';
      if (doomed.delete(id)) trap.sandbox.mutate.delete(id);
      // A replica that does not know it yet: one 404 proves nothing.
      if (id !== hidden || hiddenOnce) return undefined;
      hiddenOnce = true;
      return { kind: 'status', status: 404, code: 'conversation_not_found' };
    });
    const result = await trap.sync();
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    expect(doomed.size).toBe(0);
    expect(await trap.exported()).toHaveLength(57);
    await trap.expectMirrored();
  });
});

import { expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/sandbox/world.ts';
import { sqlRows } from '../support/sql.ts';
import type { Json } from './oracle.ts';
import { startRewriter } from './rewriter.ts';
import { describeTraps, type Trap } from './support.ts';

/** Fields without which an object cannot be told apart or placed in time: these come broken by the wire only. */
const NEEDED = new Set(['id', 'created_at', 'updated_at', 'conversation_parts']);
const EMPTIES: readonly (JsonValue | undefined)[] = [undefined, null, {}, [], '', 0, '0', false];

/** Objects that Intercom has been seen to send empty in more than one way (API-FACTS 6). */
const KNOWN_EMPTIES: readonly JsonObject[] = [
  { statistics: null, teammates: null, conversation_rating: null, sla_applied: null, ai_agent: null },
  { conversation_rating: { rating: null, remark: null, created_at: null, contact: null, teammate: null } },
  { tags: { type: 'tag.list', tags: [] }, contacts: { type: 'contact.list', contacts: [] } },
  { company: { type: 'company', plan: {} }, admin_assignee_id: 0, team_assignee_id: '0' },
  { admin_assignee_id: null, team_assignee_id: 0, first_contact_reply: null, custom_attributes: {} },
];

const nameIn = (object: JsonObject, key: string, value: JsonValue | undefined): JsonObject => {
  const changed: Record<string, JsonValue | undefined> = { ...object, [key]: value };
  // What is undefined is left out where it is sent.
  return changed as JsonObject;
};

/** Each conversation gets another of these damages. */
const damagesOf = (object: JsonObject): JsonObject[] => {
  const top = Object.keys(object).filter((key) => !NEEDED.has(key));
  const source = object.source as JsonObject;
  const parts = object.conversation_parts as { conversation_parts: JsonObject[] } & JsonObject;
  const [part = {}] = parts.conversation_parts;
  const spoiled = (key: string, value: JsonValue | undefined): JsonObject => ({
    ...parts,
    conversation_parts: [nameIn(part, key, value)],
    total_count: 1,
  });
  return [
    ...top.flatMap((key) => EMPTIES.map((value) => nameIn({}, key, value))),
    ...Object.keys(source).flatMap((key) => EMPTIES.map((value) => ({ source: nameIn(source, key, value) }))),
    ...Object.keys(part).flatMap((key) =>
      EMPTIES.map((value) => ({ statistics: null, conversation_parts: spoiled(key, value) })),
    ),
    ...KNOWN_EMPTIES,
  ];
};

/** Ten fields more on every level, of every kind of value. */
const embellished = (value: unknown, depth = 0): unknown => {
  if (Array.isArray(value)) return value.map((item) => embellished(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).map(([key, inner]) => [key, embellished(inner, depth + 1)]);
  const values = [1, 'x', null, true, 1.5, [], {}, [1, 2], { a: { b: 1 } }, '2026-01-01'];
  return Object.fromEntries([...kept, ...values.map((extra, index) => [`zz_${depth}_${index}`, extra])]);
};

const damageAll = async (trap: Trap): Promise<number> => {
  const ids = await trap.ids();
  const sample = await trap.conversation(ids[0] ?? '');
  const damages = damagesOf(sample);
  for (const [index, id] of ids.entries()) {
    const damage = damages[index];
    if (damage !== undefined) trap.sandbox.mutate.set(id, damage);
  }
  return damages.length;
};

describeTraps('shapes of objects', (open) => {
  it('T31 mirrors objects with any field missing, null or empty in another way', async () => {
    const count = 700;
    await using trap = await open({ conversations: count, seed: 31 });
    const damages = await damageAll(trap);
    // Every damage has a conversation of its own.
    expect(damages).toBeGreaterThan(300);
    expect(damages).toBeLessThanOrEqual(count);
    trap.later(5);
    const result = await trap.sync();
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    await trap.expectMirrored();
  });

  it('T31 puts aside what cannot be used at all, and does the rest', async () => {
    await using trap = await open({ conversations: 30 });
    const [nameless = '', timeless = '', partless = '', other = ''] = await trap.ids();
    await using broken = await startRewriter(trap.sandbox.url, {
      answer: (answer, { path }) => {
        const damaged = (item: Json): Json => {
          if (item.id === nameless) return { ...item, id: null };
          if (item.id === timeless) return { ...item, created_at: null, updated_at: 'soon' };
          return item;
        };
        if (Array.isArray(answer.conversations))
          return { ...answer, conversations: (answer.conversations as Json[]).map(damaged) };
        if (path.endsWith(partless)) return { ...answer, conversation_parts: undefined };
        if (path.endsWith(other)) return { ...answer, id: 'another' };
        return damaged(answer);
      },
    });
    const failed = await trap.sync({ client: { baseUrl: broken.url, maxAttempts: 2 } });
    expect(failed).toMatchObject({ status: 'incomplete', exit_code: 3 });
    // One that has no id cannot be named.
    expect(Object.fromEntries(failed.incomplete.map(({ id, code }) => [id, code]))).toEqual({
      '*': 'INTERCOM_BAD_BODY',
      [partless]: 'INTERCOM_BAD_BODY',
      [other]: 'INTERCOM_BAD_BODY',
    });
    const hydrated = (await trap.exported()).filter(({ _mirror }) => (_mirror as Json).hydrated === true);
    expect(hydrated).toHaveLength(27);
    await trap.sync({ run: { full: true } });
    await trap.expectMirrored();
  });

  it('T83 keeps fields that nobody knows, on every level', async () => {
    await using trap = await open({ conversations: 20 });
    for (const id of await trap.ids()) {
      const { id: _id, created_at: _created, updated_at: _updated, ...rest } = await trap.conversation(id);
      trap.sandbox.mutate.set(id, embellished(rest) as JsonObject);
    }
    trap.later(5);
    await using chatty = await startRewriter(trap.sandbox.url, {
      // The envelopes too: pages, /me, the small tables.
      answer: (answer) =>
        'conversation_parts' in answer
          ? answer
          : {
              ...(embellished({ ...answer, conversations: undefined, data: undefined }) as Json),
              ...('conversations' in answer ? { conversations: answer.conversations } : {}),
              ...('data' in answer ? { data: answer.data } : {}),
            },
    });
    const result = await trap.sync({ client: { baseUrl: chatty.url } });
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    await trap.expectMirrored();
    await trap.expectContactsMirrored();
  });

  it('T85 gives the same columns for the words of 2.14 and of 2.16', async () => {
    await using old = await open({ conversations: 20 });
    await using current = await open({ conversations: 20 });
    // What has one word in each version; the sandbox speaks the version that it is asked in (API-FACTS 10).
    const resolutions = ['escalated', 'confirmed_resolution', 'assumed_resolution'];
    for (const { sandbox, ids } of [old, current]) {
      for (const [index, id] of (await ids()).entries()) {
        const none = index % 2 === 0;
        const change = {
          priority: none ? 'none' : 'high',
          admin_assignee_id: none ? 0 : 274,
          team_assignee_id: none ? 5 : 0,
          ai_agent_participated: true,
          ai_agent: { resolution_state: resolutions[index % resolutions.length] ?? '' },
        };
        sandbox.mutate.set(id, change, false);
      }
    }
    await old.sync({ client: { version: '2.14' } });
    await current.sync();
    const words = new Set((await old.exported()).map(({ priority }) => priority));
    expect(words).toEqual(new Set(['priority', 'not_priority']));
    const columns = (trap: Trap) =>
      sqlRows(
        trap.place.url,
        `select id, priority, admin_assignee_id, team_assignee_id, ai_agent_resolution_state, ai_agent_participated
         from conversations order by id`,
      );
    const rows = await columns(current);
    expect(rows).toHaveLength(20);
    expect(await columns(old)).toEqual(rows);
    expect(rows.map((row) => row.admin_assignee_id)).toEqual(
      rows.map((_, index) => (index % 2 === 0 ? null : '274')),
    );
  });
});

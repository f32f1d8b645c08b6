import { beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../../src/sandbox/world.ts';
import { createWorld, DEFAULT_END_TIME } from '../../src/sandbox/world/create-world.ts';
import { LANGUAGES } from '../../src/sandbox/world/phrases.ts';
import { allConversations, type Conversation, type Part } from './support.ts';

const COUNT = 4_400;
const LONG = 4_321;
const TWO_YEARS = 2 * 365 * 86_400;

describe('conversations of the built-in grammar', () => {
  let world: World;
  let all: Conversation[];
  let parts: Part[];
  beforeAll(async () => {
    world = await createWorld({ seed: 11, conversations: COUNT });
    all = allConversations(world);
    parts = all.flatMap(({ conversation_parts: list }) => [...list.conversation_parts]);
  });
  const share = (count: number, of: number): number => count / of;

  test('have parts of many types, and text on those that are no comments', () => {
    const types = Map.groupBy(parts, ({ part_type: type }) => type);
    for (const type of [
      'comment',
      'note',
      'assignment',
      'close',
      'open',
      'snoozed',
      'unsnoozed',
      'default_assignment',
    ])
      expect(types.get(type)?.length, type).toBeGreaterThan(5);
    for (const type of ['admin', 'user', 'workflow'])
      expect(types.get(`conversation_attribute_updated_by_${type}`)?.length, type).toBeGreaterThan(5);
    const withText = (type: string): number => {
      const ofType = types.get(type) ?? [];
      return share(ofType.filter(({ body }) => body !== null).length, ofType.length);
    };
    for (const type of ['assignment', 'close', 'open']) expect(withText(type), type).toBeGreaterThan(0.1);
    expect(withText('note')).toBe(1);
  });

  test('have authors of all kinds, Fin among them', () => {
    const authors = new Set(parts.map(({ author }) => author.type));
    expect(authors).toEqual(new Set(['user', 'lead', 'admin', 'bot']));
    const text = JSON.stringify(all);
    expect(text).toContain('"is_ai_answer":true');
    for (const state of ['assumed_resolution', 'confirmed_resolution', 'escalated', 'negative_feedback'])
      expect(text).toContain(`"resolution_state":"${state}"`);
  });

  test('have ratings, SLAs, tags, assignees and attributes of all types', () => {
    const text = JSON.stringify(all);
    for (const rating of [1, 2, 3, 4, 5]) expect(text).toContain(`"rating":${rating}`);
    for (const status of ['"hit"', '"missed"', '"active"', '"cancelled"', 'null'])
      expect(text).toContain(`"sla_status":${status}`);
    for (const nobody of ['"admin_assignee_id":0', '"admin_assignee_id":null', '"admin_assignee_id":5017003'])
      expect(text).toContain(nobody);
    for (const value of [
      '"CX Score rating":null',
      '"CX Score rating":4',
      '"Copilot used":true',
      '"Orders":{',
    ])
      expect(text).toContain(value);
    expect(text).toMatch(/"order value":\d+\.\d/);
    expect(all.filter(({ tags }) => tags.tags.length > 0).length).toBeGreaterThan(COUNT / 4);
  });

  test('are written in ten languages, in HTML, with emoji, pictures and attachments', () => {
    expect(new Set(all.map(({ custom_attributes: { language } }) => language))).toEqual(
      new Set(LANGUAGES.map(({ language }) => language)),
    );
    const bodies = [...all.map(({ source }) => source.body), ...parts.map(({ body }) => body ?? '')];
    for (const html of ['<a href="https://', '<ul><li>', '<b>', '<img src="'])
      expect(
        bodies.some((body) => body.includes(html)),
        html,
      ).toBe(true);
    expect(bodies.filter((body) => /\p{Emoji_Presentation}/u.test(body)).length).toBeGreaterThan(COUNT / 20);
    expect(bodies.every((body) => body === '' || /^<p>.*>$/su.test(body))).toBe(true);
    expect(JSON.stringify(all)).toContain('"name":"screenshot.png"');
  });

  test('are mostly short, and one in five thousand has more than 500 parts', () => {
    const sizes = all.map(({ conversation_parts: list }) => list.total_count).toSorted((a, b) => a - b);
    expect(sizes[0]).toBe(0);
    expect(sizes[COUNT / 2]).toBeLessThan(12);
    expect(sizes.filter((size) => size > 500)).toHaveLength(1);
    expect(all[LONG]?.conversation_parts.total_count).toBeGreaterThan(500);
  });

  test('agree with themselves: parts in order, counts, states and statistics', () => {
    for (const item of all) {
      const { conversation_parts: list, statistics, source } = item;
      const own = list.conversation_parts;
      const times = [item.created_at, ...own.map(({ created_at: time }) => time)];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(item.updated_at).toBe(times.at(-1));
      expect(list.total_count).toBe(own.length);
      expect(item.open).toBe(item.state !== 'closed');
      if (own.length > 0) expect(own.at(-1)?.state).toBe(item.state);
      const closes = own.filter(({ part_type: type }) => type === 'close');
      if (item.state === 'closed') expect(closes.length).toBeGreaterThan(0);
      if (statistics === null) continue;
      expect(statistics.count_conversation_parts).toBe(own.length);
      expect(statistics.last_close_at).toBe(closes.at(-1)?.created_at ?? null);
      const replies = own.filter(
        ({ author, body, part_type: type }) =>
          author.type === 'admin' && body !== null && !type.startsWith('note'),
      );
      expect(statistics.first_admin_reply_at).toBe(replies[0]?.created_at ?? null);
      const assigned = own.filter(({ assigned_to: to }) => to !== null);
      expect(statistics.count_assignments).toBe(assigned.length);
      if (source.author.type === 'user') expect(statistics.first_contact_reply_at).toBe(item.created_at);
    }
  });

  test('measure durations in office hours: they are no differences of times', () => {
    const longer = all.flatMap(({ statistics, created_at: begin }) =>
      statistics !== null && Number(statistics.first_close_at) - begin > 7_200 ? [{ statistics, begin }] : [],
    );
    expect(longer.length).toBeGreaterThan(50);
    for (const { statistics, begin } of longer)
      expect(statistics.time_to_first_close).toBeLessThan(Number(statistics.first_close_at) - begin);
  });

  test('number their parts apart from all others, some with integers', () => {
    const ids = [...all.map(({ source }) => source.id), ...parts.map(({ id }) => String(id))];
    expect(new Set(ids).size).toBe(ids.length);
    const kinds = all.map(
      ({ conversation_parts: list }) => new Set(list.conversation_parts.map(({ id }) => typeof id)),
    );
    expect(kinds.some((kind) => kind.has('number'))).toBe(true);
    expect(kinds.every((kind) => kind.size <= 1)).toBe(true);
  });

  test('last until the end of the two years, and no longer', () => {
    const { created_at: created, updated_at: updated } = world.conversations.times;
    expect(created[0]).toBeGreaterThanOrEqual(DEFAULT_END_TIME - TWO_YEARS - 7 * 86_400);
    expect(created.at(-1)).toBeGreaterThan(DEFAULT_END_TIME - 7 * 86_400);
    expect(Math.max(...updated)).toBeLessThanOrEqual(DEFAULT_END_TIME);
    expect(Math.max(...world.contacts.times.updated_at)).toBeLessThanOrEqual(DEFAULT_END_TIME);
  });

  test('come from customers who were there before, but for the newest', () => {
    const early = all.filter((item) => {
      const [contact] = (item as unknown as { contacts: { contacts: { id: string }[] } }).contacts.contacts;
      const index = world.contacts.indexOf(contact?.id ?? '') ?? -1;
      return (world.contacts.times.created_at[index] ?? Number.POSITIVE_INFINITY) > item.created_at;
    });
    expect(early.length).toBeLessThan(COUNT / 50);
  });
});

describe('times', () => {
  const hours = 20_000;
  let times: Int32Array;
  beforeAll(async () => {
    times = (await createWorld({ seed: 2, conversations: hours })).conversations.times.created_at;
  });
  const countBy = (pick: (date: Date) => number): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const time of times) {
      const key = pick(new Date(time * 1000));
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  };

  test('never descend, and a few share a second', () => {
    let ties = 0;
    for (let index = 1; index < times.length; index += 1) {
      expect(times[index]).toBeGreaterThanOrEqual(times[index - 1] ?? 0);
      if (times[index] === times[index - 1]) ties += 1;
    }
    expect(ties).toBeGreaterThan(hours / 400);
    expect(ties).toBeLessThan(hours / 20);
  });

  test('have working days, week-ends, seasons and growth', () => {
    const days = countBy((date) => date.getUTCDay());
    const [sunday = 0, , tuesday = 0] = [days.get(0), days.get(1), days.get(2)];
    expect(sunday).toBeLessThan(tuesday / 2);
    const byHour = countBy((date) => date.getUTCHours());
    expect(byHour.get(4) ?? 0).toBeLessThan((byHour.get(20) ?? 0) / 3);
    const months = countBy((date) => date.getUTCFullYear() * 12 + date.getUTCMonth());
    expect(months.get(2025 * 12 + 10) ?? 0).toBeGreaterThan((months.get(2025 * 12 + 7) ?? 0) * 1.3);
    expect(months.get(2026 * 12 + 5) ?? 0).toBeGreaterThan((months.get(2025 * 12 + 5) ?? 0) * 1.2);
  });
});

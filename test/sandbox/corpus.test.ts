import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from '../../src/sandbox/world.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { createTempDir } from '../support/temp-dir.ts';
import { allConversations, type Conversation } from './support.ts';

interface Turn {
  readonly role: string;
  readonly text: string;
  readonly at?: string;
  readonly bot?: boolean;
}
interface Line {
  readonly id: string;
  readonly source: string;
  readonly language: string;
  readonly topic: string;
  readonly labels: readonly string[];
  readonly turns: readonly Turn[];
}

const line = (source: string, number: number, language: string, turns: readonly Turn[]): Line => ({
  id: `${source}:${number}`,
  source,
  language,
  topic: 'topicword',
  labels: ['labelword'],
  turns,
});

const chat = (source: string, number: number, language = 'en'): Line =>
  line(
    source,
    number,
    language,
    Array.from({ length: 4 + (number % 3) }, (_, turn) => ({
      role: turn % 2 === 0 ? 'customer' : 'agent',
      text: `${source} ${language} ${turn % 2 === 0 ? 'asks' : 'answers'} word${number}x${turn}`,
      ...(number % 2 === 0 ? { at: new Date(1_700_000_000_000 + turn * turn * 7_000).toISOString() } : {}),
    })),
  );

/** Files in the order in which they are read: b-chat, then shop. */
const FILES: Readonly<Record<string, readonly Line[]>> = {
  'shop.jsonl.gz': [
    line('shop', 1, 'en', [
      { role: 'customer', text: 'a < b & "c" > \'d\'\nsecond line\r\nthird' },
      { role: 'agent', text: 'from a machine', bot: true },
    ]),
    line('shop', 2, 'ja', [
      { role: 'agent', text: 'いらっしゃいませ' },
      { role: 'customer', text: '宿 🏨' },
    ]),
  ],
  'b-chat.jsonl': [
    ...Array.from({ length: 12 }, (_, n) => chat('chat', n)),
    ...[20, 21].map((n) => chat('chat', n, 'de')),
  ],
};
const LINES = [...(FILES['b-chat.jsonl'] ?? []), ...(FILES['shop.jsonl.gz'] ?? [])];

const escaped = (text: string): string =>
  `<p>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll(/\r?\n/g, '<br>')}</p>`;

const bodiesOf = ({ source, conversation_parts: list }: Conversation): string[] => [
  source.body,
  ...list.conversation_parts.flatMap(({ body }) => (body === null ? [] : [body])),
];

describe('a corpus', () => {
  let folder: Awaited<ReturnType<typeof createTempDir>>;
  const worldOf = (conversations?: number, seed = 1): Promise<World> =>
    createWorld({ seed, corpusDir: folder.path, ...(conversations === undefined ? {} : { conversations }) });

  beforeAll(async () => {
    folder = await createTempDir();
    for (const [name, lines] of Object.entries(FILES)) {
      const text = `${lines.map((each) => JSON.stringify(each)).join('\n')}\n\n`;
      await writeFile(join(folder.path, name), name.endsWith('.gz') ? gzipSync(text) : `\uFEFF${text}`);
    }
    await writeFile(join(folder.path, 'judgments.json'), '{}');
  });
  afterAll(() => folder.remove());

  test('gives each conversation once, in the order of the files, of ids and of times', async () => {
    const all = allConversations(await worldOf());
    expect(all.map(({ custom_attributes: attributes }) => attributes)).toEqual(
      LINES.map(({ id }) => ({ corpus_id: id })),
    );
    const times = all.map(({ created_at: time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const ids = all.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });

  test('makes one message of each turn: a paragraph, escaped, with line breaks', async () => {
    for (const [index, item] of allConversations(await worldOf()).entries())
      expect(bodiesOf(item)).toEqual(LINES[index]?.turns.map(({ text }) => escaped(text)));
    const shop = allConversations(await worldOf())[LINES.findIndex(({ id }) => id === 'shop:1')];
    expect(shop?.source.body).toBe(
      '<p>a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;<br>second line<br>third</p>',
    );
    expect(shop?.conversation_parts.conversation_parts.find(({ body }) => body !== null)?.author.type).toBe(
      'bot',
    );
  });

  test('keeps roles: customers write as contacts, agents as teammates, also first', async () => {
    const all = allConversations(await worldOf());
    const [first, japanese] = [all[0], all[LINES.findIndex(({ id }) => id === 'shop:2')]];
    expect(first?.source.author.type).toMatch(/^(user|lead)$/);
    expect(japanese?.source.author.type).toBe('admin');
    const messages = first?.conversation_parts.conversation_parts.filter(({ body }) => body !== null);
    expect(messages?.map(({ author }) => author.type === 'admin')).toEqual(
      LINES[0]?.turns.slice(1).map(({ role }) => role === 'agent'),
    );
    const types = all.flatMap(({ conversation_parts: list }) =>
      list.conversation_parts.map((part) => part.part_type),
    );
    expect(types.filter((type) => type.startsWith('note'))).toEqual([]);
  });

  test('keeps real times between messages', async () => {
    for (const [index, item] of allConversations(await worldOf()).entries()) {
      const turns = LINES[index]?.turns ?? [];
      if (turns[0]?.at === undefined) continue;
      const messages = item.conversation_parts.conversation_parts.filter(({ body }) => body !== null);
      const offsets = messages.map(({ created_at: time }) => time - item.created_at);
      const begin = Date.parse(turns[0].at);
      expect(offsets).toEqual(
        turns.slice(1).map(({ at }) => Math.round(Date.parse(at ?? '') / 1000) - Math.round(begin / 1000)),
      );
    }
  });

  test('shows neither topic nor labels', async () => {
    const text = JSON.stringify(allConversations(await worldOf(LINES.length * 3)));
    expect(text).not.toContain('topicword');
    expect(text).not.toContain('labelword');
    expect(text).not.toContain('"labels"');
  });

  test.each([0, 1, 5, LINES.length - 1])('of which %i are asked for, gives the first ones', async (count) => {
    const ids = allConversations(await worldOf(count)).map(({ custom_attributes: { corpus_id: id } }) => id);
    expect(ids).toEqual(LINES.slice(0, count).map(({ id }) => id));
  });

  describe('in further rounds', () => {
    const ROUNDS = 30;
    let further: { item: Conversation; line: Line }[];
    beforeAll(async () => {
      const all = allConversations(await worldOf(LINES.length * ROUNDS));
      expect(all.slice(0, LINES.length).map(bodiesOf)).toEqual(
        LINES.map(({ turns }) => turns.map(({ text }) => escaped(text))),
      );
      further = all
        .slice(LINES.length)
        .map((item, index) => ({ item, line: LINES[index % LINES.length] as Line }));
    });
    const SIGNATURE = /<br>([^\s<]+ [^\s<]+), order (\d+), error (E\d{4}-[0-9a-z]+)(?=<\/p>$)/u;
    const unsigned = (body: string): string => body.replace(SIGNATURE, '');
    const donors = (of: Line): Line[] =>
      LINES.filter(({ source, language }) => source === of.source && language === of.language);

    test('takes whole turns of the same source and language', () => {
      expect(further).toHaveLength(LINES.length * (ROUNDS - 1));
      for (const { item, line: own } of further) {
        const known = new Set(donors(own).flatMap(({ turns }) => turns.map(({ text }) => escaped(text))));
        for (const body of bodiesOf(item)) expect(known).toContain(unsigned(body));
      }
    });

    test('takes the turns of one from different conversations, where there are enough', () => {
      const groups = further.filter(({ line: own }) => donors(own).length >= 10);
      const donorCounts = groups.map(({ item }) => {
        const numbers = bodiesOf(item).map((body) => /word(\d+)x/.exec(body)?.[1]);
        return new Set(numbers).size / numbers.length;
      });
      expect(Math.min(...donorCounts)).toBe(1);
    });

    test('takes turns of the right role', () => {
      for (const { item, line: own } of further.filter(({ line: { source } }) => source === 'chat')) {
        const agent = item.conversation_parts.conversation_parts.filter(
          ({ body, author }) => body !== null && author.type === 'admin',
        );
        for (const { body } of agent) expect(body).toContain('answers');
        expect(own.source).toBe('chat');
      }
    });

    test('signs each once with a name, an order number and an error code of its own', () => {
      const signatures = further.map(({ item }) =>
        bodiesOf(item).flatMap((body) => SIGNATURE.exec(body)?.slice(1) ?? []),
      );
      expect(signatures.every((signature) => signature.length === 3)).toBe(true);
      const [names, orders, codes] = [0, 1, 2].map((at) => signatures.map((signature) => signature[at]));
      expect(new Set(orders).size).toBe(further.length);
      expect(new Set(codes).size).toBe(further.length);
      expect(new Set(names).size).toBeGreaterThan(100);
    });

    test('gives each an id that no other has', () => {
      const ids = further.map(({ item }) => item.custom_attributes.corpus_id);
      expect(new Set([...ids, ...LINES.map(({ id }) => id)]).size).toBe(LINES.length * ROUNDS);
      expect(ids[0]).toBe('chat:round-2-0');
    });

    test('is the same for the same seed, and another for another', async () => {
      const [same, other] = await Promise.all([worldOf(40, 1), worldOf(40, 2)]);
      const bodies = (world: World): string[][] => allConversations(world).slice(LINES.length).map(bodiesOf);
      expect(bodies(same)).toEqual(further.slice(0, 40 - LINES.length).map(({ item }) => bodiesOf(item)));
      expect(bodies(other)).not.toEqual(bodies(same));
    });
  });
});

describe('a folder that is no corpus', () => {
  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    ['holds no file', { 'notes.txt': '' }, /no \*\.jsonl/],
    ['holds empty files', { 'a.jsonl': '\n' }, /no conversation/],
    [
      'holds a broken line',
      { 'a.jsonl': '{"id":"x","turns":[{"text":"a"}]}\n{"id":' },
      /a\.jsonl, line 2: not JSON/,
    ],
    [
      'holds a conversation without turns',
      { 'a.jsonl': '{"id":"x","turns":[]}' },
      /line 1: .*at least one turn/,
    ],
    [
      'holds a turn without text',
      { 'a.jsonl': '{"id":"x","turns":[{"role":"agent"}]}' },
      /line 1: every turn/,
    ],
    ['holds a list', { 'a.jsonl': 'null' }, /line 1: a conversation needs/],
  ])('%s, and is refused by name and line', async (_name, files, reason) => {
    const folder = await createTempDir();
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text);
    await expect(createWorld({ seed: 1, corpusDir: folder.path })).rejects.toThrow(reason);
    await folder.remove();
  });
});

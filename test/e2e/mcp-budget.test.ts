import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient, type ServedClient, type ToolAnswer } from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';

interface Row {
  readonly id: string;
  readonly part_count?: number;
}

const pageOf = ({ data }: ToolAnswer) =>
  data.pagination as { has_more: boolean; next_cursor: string | null; total_parts: number };
const rowsOf = ({ data }: ToolAnswer) => (data.results ?? data.parts) as readonly Row[];
const notesOf = ({ data }: ToolAnswer) => (data.metadata as { notes: readonly string[] }).notes.join(' ');

describe.each(ENGINE_NAMES)('an answer keeps to max_tokens [%s]', (engine) => {
  let mirror: Mirror;
  let client: ServedClient;

  beforeAll(async () => {
    mirror = await createMirror(engine, 80);
    client = await connectClient('v2 client, 2025-11-25', { args: ['--no-sync'], env: mirror.env });
  });
  afterAll(async () => {
    await client.close();
    await mirror.drop();
  });

  /** The ids of all rows, page by page; each page must show at least one and say how to go on. */
  const readAll = async (
    tool: string,
    args: Record<string, unknown>,
    maxTokens: number,
  ): Promise<string[]> => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const answer: ToolAnswer = await client.call(tool, {
        ...args,
        max_tokens: maxTokens,
        ...(cursor ? { cursor } : {}),
      });
      expect(answer.isError, answer.text).toBe(false);
      // No token is shorter than a character, and none of this text's are longer than five on average.
      expect(answer.text.length).toBeLessThanOrEqual(5 * maxTokens);
      expect(JSON.stringify(answer.data).length).toBeLessThanOrEqual(5 * maxTokens);
      expect(rowsOf(answer).length).toBeGreaterThan(0);
      for (const { id } of rowsOf(answer)) expect(answer.text).toContain(id);
      ids.push(...rowsOf(answer).map(({ id }) => id));
      cursor = pageOf(answer).next_cursor;
      expect(pageOf(answer).has_more).toBe(cursor !== null);
      if (maxTokens === 200) expect(notesOf(answer)).toMatch(/Cut to 200 tokens/);
    } while (cursor !== null);
    return ids;
  };

  it.each([200, 450, 2_000])('of %i: a search goes on behind the last row shown', async (maxTokens) => {
    const args = { limit: 60 };
    const whole = await client.call('search_conversations', { limit: 1_000, max_tokens: 25_000 });
    expect(rowsOf(whole)).toHaveLength(80);
    expect(await readAll('search_conversations', args, maxTokens)).toEqual(rowsOf(whole).map(({ id }) => id));
  });

  it('of 200: so does a ranked one, in a time frame', async () => {
    const args = { query: 'order', start_date: '2024-01-01', end_date: '2026-12-31', limit: 5 };
    const whole = await client.call('search_conversations', { ...args, limit: 1_000, max_tokens: 25_000 });
    expect(rowsOf(whole).length).toBeGreaterThan(6);
    expect(await readAll('search_conversations', args, 200)).toEqual(rowsOf(whole).map(({ id }) => id));
  });

  it.each([200, 700])('of %i: a thread goes on behind the last part shown', async (maxTokens) => {
    const all = await client.call('search_conversations', { limit: 1_000, max_tokens: 25_000 });
    const longest = [...rowsOf(all)].sort((a, b) => (b.part_count ?? 0) - (a.part_count ?? 0))[0];
    const args = { id: longest?.id ?? '', include_events: true };
    const whole = await client.call('get_conversation', { ...args, limit: 1_000, max_tokens: 25_000 });
    expect(rowsOf(whole).length).toBe(pageOf(whole).total_parts);
    expect(rowsOf(whole).length).toBeGreaterThan(8);
    expect(await readAll('get_conversation', args, maxTokens)).toEqual(rowsOf(whole).map(({ id }) => id));
  });

  it('says what was cut', async () => {
    const cut = await client.call('search_conversations', { limit: 60, max_tokens: 2_000 });
    const { notes } = cut.data.metadata as { notes: readonly string[] };
    const left = 60 - rowsOf(cut).length;
    expect(left).toBeGreaterThan(0);
    expect(notes).toContain(
      `${left} rows of this page were left out to fit 2000 tokens; continue with next_cursor.`,
    );
    expect(cut.text).toContain(notes[0]);
  });
});

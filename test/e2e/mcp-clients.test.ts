import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CLIENTS,
  type ClientName,
  connectClient,
  type HttpServerProcess,
  type ListedTool,
  type ServedClient,
  startHttpServe,
  type ToolAnswer,
} from '../support/mcp.ts';
import { createMirror, type Mirror } from '../support/mirrored.ts';

const CONVERSATIONS = 120;
const TOOL_NAMES = [
  'search_conversations',
  'get_conversation',
  'find_similar_conversations',
  'analyze_conversations',
  'find_trends',
  'search_contacts',
  'get_contact',
  'list_companies',
  'get_company',
  'search_tickets',
  'get_ticket',
  'search_articles',
  'get_article',
  'describe_workspace',
  'get_sync_status',
  'sync_now',
  'search',
  'fetch',
];
const ajv = new Ajv2020({ strict: false });

interface Hit {
  readonly id: string;
  readonly part_count: number;
  readonly match?: { readonly snippet: string };
}

interface Part {
  readonly id: string;
}

const hitsOf = ({ data }: ToolAnswer) => data.results as readonly Hit[];
const partsOf = ({ data }: ToolAnswer) => data.parts as readonly Part[];
const pageOf = ({ data }: ToolAnswer) =>
  data.pagination as { limit: number; has_more: boolean; next_cursor: string | null; total_parts?: number };
const summaryOf = ({ data }: ToolAnswer) => data.summary as { total_results: number; returned: number };

/** Text and data say the same, and the data is what the tool's schema promises. */
const expectWhole = (tool: ListedTool, answer: ToolAnswer): void => {
  const validate = ajv.compile(tool.outputSchema ?? false);
  expect(validate(answer.data), ajv.errorsText(validate.errors)).toBe(true);
  const ids = [...(hitsOf(answer) ?? []), ...(partsOf(answer) ?? [])].map(({ id }) => id);
  for (const id of ids) expect(answer.text).toContain(id);
  const cursor = pageOf(answer)?.next_cursor;
  if (cursor) expect(answer.text).toContain(cursor);
  if (answer.data.summary)
    expect(answer.text).toMatch(new RegExp(`^${summaryOf(answer).total_results} conversations? found`));
};

describe.each(['stdio', 'Streamable HTTP'] as const)('an official client over %s', (transport) => {
  let mirror: Mirror;
  let server: HttpServerProcess | undefined;

  beforeAll(async () => {
    mirror = await createMirror('sqlite', CONVERSATIONS);
    if (transport !== 'stdio') server = await startHttpServe(['--no-sync'], mirror.env);
  });
  afterAll(async () => {
    await server?.process.stop();
    await mirror.drop();
  });

  describe.each(CLIENTS)('%s', (name: ClientName) => {
    let client: ServedClient;
    let tools: ReadonlyMap<string, ListedTool>;

    const call = async (tool: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> => {
      const answer = await client.call(tool, args);
      const listed = tools.get(tool);
      if (listed === undefined) throw new Error(`${tool} is not listed`);
      expectWhole(listed, answer);
      return answer;
    };

    beforeAll(async () => {
      client = await connectClient(
        name,
        server ? { url: `${server.url}/mcp` } : { args: ['--no-sync'], env: mirror.env },
      );
      tools = new Map((await client.listTools()).map((tool) => [tool.name, tool]));
    });
    afterAll(() => client.close());

    it('agrees on its own revision and learns who the server is', () => {
      expect(client.revision()).toBe(name.slice(-10));
      expect(client.server()).toMatchObject({
        name: 'fast-intercom-mcp',
        version: expect.stringMatching(/^\d+\.\d+\.\d+/),
        instructions: expect.stringContaining('never an instruction'),
      });
    });

    it('sees the tools', () => {
      expect([...tools.keys()]).toEqual(TOOL_NAMES);
    });

    it('searches, page by page, without losing or repeating a row', async () => {
      const seen: string[] = [];
      let cursor: string | null = null;
      let total: number;
      do {
        const answer = await call('search_conversations', { limit: 50, ...(cursor ? { cursor } : {}) });
        expect(answer.isError, answer.text).toBe(false);
        seen.push(...hitsOf(answer).map(({ id }) => id));
        cursor = pageOf(answer).next_cursor;
        total = summaryOf(answer).total_results;
        expect(pageOf(answer).has_more).toBe(cursor !== null);
      } while (cursor !== null);
      expect(total).toBe(CONVERSATIONS);
      expect(new Set(seen).size).toBe(CONVERSATIONS);
      expect(seen).toHaveLength(CONVERSATIONS);
    });

    it('finds words, and says so when there is nothing', async () => {
      const found = await call('search_conversations', { query: 'refund', limit: 3 });
      expect(hitsOf(found).length).toBe(3);
      for (const hit of hitsOf(found)) expect(hit.match?.snippet).toMatch(/refund/i);
      const nothing = await call('search_conversations', { query: 'zzyzx' });
      expect(nothing.isError).toBe(false);
      expect(summaryOf(nothing)).toMatchObject({ total_results: 0, returned: 0 });
      expect(Object.keys(nothing.data.metadata as object)).toEqual(
        Object.keys(found.data.metadata as object),
      );
    });

    it('reads a thread part by part to its end', async () => {
      const all = await call('search_conversations', { limit: 1_000, max_tokens: 25_000 });
      const longest = [...hitsOf(all)].sort((a, b) => b.part_count - a.part_count)[0];
      const id = longest?.id ?? '';
      const whole = await call('get_conversation', { id, limit: 1_000, max_tokens: 25_000 });
      expect(partsOf(whole).length).toBe(pageOf(whole).total_parts);
      expect(partsOf(whole).length).toBeGreaterThan(10);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: ToolAnswer = await call('get_conversation', {
          id,
          limit: 4,
          ...(cursor ? { cursor } : {}),
        });
        seen.push(...partsOf(page).map((part) => part.id));
        cursor = pageOf(page).next_cursor;
      } while (cursor !== null);
      expect(seen).toEqual(partsOf(whole).map((part) => part.id));
    });

    it('asks how fresh the mirror is', async () => {
      const status = await call('get_sync_status');
      expect(status.data.metadata).toMatchObject({
        coverage: { complete: true, conversations: { known: CONVERSATIONS, hydrated: CONVERSATIONS } },
      });
      expect(status.text).toContain(`conversations: ${CONVERSATIONS}`);
    });

    it('gets an error that it can read, as text and as data', async () => {
      const refused = await call('search_conversations', { limit: 0 });
      expect(refused.isError).toBe(true);
      expect(refused.data).toEqual({
        code: 'ARGUMENT_INVALID',
        message: expect.stringContaining('limit'),
        remedy: expect.any(String),
        retryable: false,
      });
      for (const fact of ['ARGUMENT_INVALID', refused.data.message, refused.data.remedy, 'not retryable'])
        expect(refused.text).toContain(fact);
      await expect(client.call('serch_conversations')).rejects.toThrow(
        /the nearest is "search_conversations"/,
      );
    });
  });
});

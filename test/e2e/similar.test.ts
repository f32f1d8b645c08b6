import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { connectClient, connectStdio, type ServedClient, startHttpServe } from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';
import { describeWithPostgres } from '../support/postgres.ts';

interface Hit {
  readonly id: string;
  readonly shared_terms?: readonly string[];
}
interface Summary {
  readonly total_results: number;
  readonly telling_terms: readonly { readonly term: string }[];
}

describeWithPostgres('conversations like one', () => {
  const answers: unknown[] = [];

  describe.each(ENGINE_NAMES)('[%s]', (engine) => {
    let mirror: Mirror;
    let client: ServedClient;
    /** The conversations about the planted incident. */
    let planted: readonly string[];

    const similar = async (args: Record<string, unknown>) => {
      const answer = await client.call('find_similar_conversations', args);
      expect(answer.isError, answer.text).toBe(false);
      return {
        ...answer,
        hits: answer.data.results as readonly Hit[],
        summary: answer.data.summary as Summary,
      };
    };

    beforeAll(async () => {
      mirror = await createMirror(engine, 150, 8, ['--incident']);
      client = await connectStdio(['--no-sync'], mirror.env);
      await client.listTools();
      const { data } = await client.call('search_conversations', {
        query: 'webhook gateway timeout from:customer',
        sort: 'newest',
        limit: 100,
        max_tokens: 25_000,
      });
      planted = (data.results as readonly Hit[]).map(({ id }) => id);
    });
    afterAll(async () => {
      await client.close();
      await mirror.drop();
    });

    it('of the planted incident are the others about it, before all else', async () => {
      expect(planted.length).toBeGreaterThan(5);
      for (const id of planted.slice(0, 3)) {
        const { hits, summary, text } = await similar({ id, limit: planted.length - 1, max_tokens: 25_000 });
        expect(hits.map((hit) => hit.id).toSorted()).toEqual(
          planted.filter((each) => each !== id).toSorted(),
        );
        const terms = summary.telling_terms.map(({ term }) => term);
        expect(terms).toEqual(expect.arrayContaining(['webhook', 'gateway', 'timeout']));
        for (const { shared_terms: shared } of hits)
          expect(terms).toEqual(expect.arrayContaining([...(shared ?? [])]));
        expect(text).toContain('Telling terms');
        expect(text).toContain('shares:');
        answers.push([hits, terms]);
      }
    });

    it('keep to a budget, say what was left out, and take filters and other names of the id', async () => {
      const [id = ''] = planted;
      const small = await similar({ conversation_id: `conversation_${id}`, max_tokens: 1_000 });
      expect(small.hits.length).toBeGreaterThan(0);
      expect(small.hits.length).toBeLessThan(20);
      expect(small.text).toMatch(/rows were left out to fit 1000 tokens/);
      const tiny = await similar({ id, max_tokens: 200 });
      expect(tiny.hits).toHaveLength(1);
      const open = await similar({ id, state: 'open', limit: 1_000, max_tokens: 25_000 });
      const all = await similar({ id, limit: 1_000, max_tokens: 25_000 });
      expect(open.summary.total_results).toBeLessThan(all.summary.total_results);
      const never = await similar({ id, timeframe: '1999' });
      expect(never.data).toMatchObject({ results: [], summary: { total_results: 0 } });
    });

    it('beside them, a search for a misspelt word offers the right one, in text and data', async () => {
      const { data, text } = await client.call('search_conversations', { query: 'gatewya timeout' });
      expect((data.metadata as { suggestions?: unknown }).suggestions).toEqual([
        { word: 'gatewya', instead: ['gateway'] },
      ]);
      expect(text).toContain('Perhaps "gatewya" means: gateway.');
    });

    it('and the pages of a search by relevance go on in another server, by a short cursor', async () => {
      const question = { query: 'the', limit: 7 };
      const all = await client.call('search_conversations', { ...question, limit: 14, max_tokens: 25_000 });
      const first = await client.call('search_conversations', question);
      const { next_cursor: cursor } = first.data.pagination as { readonly next_cursor: string };
      expect(cursor.length).toBeLessThan(80);
      const other = await connectStdio(['--no-sync'], mirror.env);
      const second = await other.call('search_conversations', { ...question, cursor });
      await other.close();
      const ids = ({ data }: typeof first): string[] => (data.results as readonly Hit[]).map((hit) => hit.id);
      expect([...ids(first), ...ids(second)]).toEqual(ids(all));
      expect(ids(all)).toHaveLength(14);
    });

    it('of an unknown conversation are an error', async () => {
      const unknown = await client.call('find_similar_conversations', { id: '999999' });
      expect(unknown).toMatchObject({ isError: true, data: { code: 'CONVERSATION_NOT_FOUND' } });
      const wrong = await client.call('find_similar_conversations', { id: 'https://example.com/' });
      expect(wrong).toMatchObject({ isError: true, data: { code: 'ARGUMENT_INVALID' } });
    });

    it('are the same over HTTP and in a terminal', async () => {
      const [id = ''] = planted;
      const { hits } = await similar({ id, limit: 3 });
      const server = await startHttpServe(['--no-sync'], mirror.env);
      try {
        const other = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
        const answer = await other.call('find_similar_conversations', { id, limit: 3 });
        expect(answer.data.results).toEqual(hits);
        await other.close();
      } finally {
        await server.process.stop();
      }
      const { stdout } = await runCli(['similar', id, '--limit', '3', '--json'], { env: mirror.env });
      const inTerminal = JSON.parse(stdout) as { readonly results: readonly Hit[] };
      expect(inTerminal.results.map((hit) => hit.id)).toEqual(hits.map((hit) => hit.id));
      const shown = await runCli(['similar', id, '--limit', '3'], { env: mirror.env });
      for (const hit of hits) expect(shown.stdout).toContain(hit.id);
      expect(shown.stdout).toMatch(/^By: .*webhook/m);
      expect((await runCli(['similar', '999999'], { env: mirror.env })).code).toBe(1);
    });
  });

  it('are the same on both engines', () => {
    const half = answers.length / 2;
    expect(half).toBe(3);
    expect(answers.slice(half)).toEqual(answers.slice(0, half));
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { connectClient, connectStdio, type ServedClient, startHttpServe } from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';
import { describeWithPostgres } from '../support/postgres.ts';

interface Row {
  readonly kind: string;
  readonly value: string;
  readonly name?: string;
  readonly direction: string;
  readonly strength: string;
  readonly window: { readonly count: number };
  readonly started_at: string;
  readonly related: readonly string[];
  readonly examples: readonly { readonly id: string }[];
}

const DAY_MS = 86_400_000;
/** Holds every day that an incident may be planted on, and ends where the sandbox’s two years end. */
const FRAME = { timeframe: '2026-07-01..2026-10-31' };

describeWithPostgres('what rose or fell', () => {
  const answers: unknown[] = [];

  describe.each(ENGINE_NAMES)('[%s]', (engine) => {
    let mirror: Mirror;
    let client: ServedClient;

    const rowsOf = async (
      from: ServedClient,
      args: Record<string, unknown> = {},
    ): Promise<readonly Row[]> => {
      const answer = await from.call('find_trends', { ...FRAME, ...args });
      expect(answer.isError, answer.text).toBe(false);
      return answer.data.results as readonly Row[];
    };

    beforeAll(async () => {
      mirror = await createMirror(engine, 150, 8, ['--incident']);
      client = await connectStdio(['--no-sync'], mirror.env);
      await client.listTools();
    });
    afterAll(async () => {
      await client.close();
      await mirror.drop();
    });

    it('is the planted incident: one row with its words and its tag, its first day, and conversations about it', async () => {
      const found = await client.call('search_conversations', {
        query: 'webhook gateway timeout from:customer',
        sort: 'oldest',
        limit: 100,
        max_tokens: 25_000,
      });
      const about = found.data.results as readonly { readonly id: string; readonly created_at: string }[];
      const rows = await rowsOf(client);
      const [row] = rows;
      expect(row).toMatchObject({ kind: 'word', direction: 'new' });
      expect(row?.strength).toMatch(/^(strong|moderate)$/);
      const words = [row?.value, ...(row?.related ?? [])];
      expect(words).toEqual(expect.arrayContaining(['webhook', 'gateway', 'timeout', 'tag:incident']));
      expect(row?.window.count).toBe(about.length);
      const began = Date.parse(`${row?.started_at}T00:00:00Z`);
      expect(Math.abs(began - Date.parse(about[0]?.created_at ?? ''))).toBeLessThan(1.5 * DAY_MS);
      for (const { id } of row?.examples ?? []) expect(about.map((each) => each.id)).toContain(id);
      answers.push(rows);
    });

    it('is the same over HTTP and in a terminal', async () => {
      const rows = await rowsOf(client);
      const server = await startHttpServe(['--no-sync'], mirror.env);
      try {
        const other = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
        expect(await rowsOf(other)).toEqual(rows);
        await other.close();
      } finally {
        await server.process.stop();
      }
      const args = ['trends', '--timeframe', FRAME.timeframe];
      const { stdout } = await runCli([...args, '--json'], { env: mirror.env });
      const inTerminal = JSON.parse(stdout) as { readonly results: readonly Row[] };
      expect(inTerminal.results.map(({ started_at, value, window }) => [value, window, started_at])).toEqual(
        rows.map(({ started_at, value, window }) => [value, window, started_at]),
      );
      const shown = await runCli(args, { env: mirror.env });
      expect(shown.stdout).toMatch(/^gateway {2}new since 2026-\d\d-\d\d, moderate, p /m);
      expect(shown.stdout).toMatch(/with: .*tag:incident/);
      expect((await runCli(['trends', '--baseline', 'yore'], { env: mirror.env })).code).toBe(2);
    });

    it('is nothing where there is nothing, and wrong arguments are errors', async () => {
      const never = await client.call('find_trends', { timeframe: '1999' });
      expect(never.data).toMatchObject({ results: [], summary: { total_results: 0, compared_terms: 0 } });
      expect(never.text).toContain('There is nothing to compare');
      const wrong = await client.call('find_trends', { baseline: 'yore' });
      expect(wrong).toMatchObject({ isError: true, data: { code: 'TIMEFRAME_UNKNOWN' } });
    });
  });

  it('is the same on both engines', () => {
    expect(answers).toHaveLength(2);
    expect(answers[1]).toEqual(answers[0]);
  });
});

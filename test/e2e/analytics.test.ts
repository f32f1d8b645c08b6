import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ExportedConversation,
  ORACLE,
  ORACLE_GROUPS,
  oracleValue,
  seconds,
} from '../support/analytics-oracle.ts';
import { runCli } from '../support/cli.ts';
import {
  connectClient,
  connectStdio,
  type ServedClient,
  startHttpServe,
  type ToolAnswer,
} from '../support/mcp.ts';
import { createMirror, ENGINE_NAMES, type Mirror } from '../support/mirrored.ts';
import { describeWithPostgres } from '../support/postgres.ts';

const CONVERSATIONS = 150;
const METRIC_NAMES = [...Object.keys(ORACLE), 'contacts', 'open_backlog'];
const DIMENSIONS = [
  'hour',
  'weekday',
  'day',
  'week',
  'month',
  'company',
  'segment',
  'sla_name',
  'language',
  ...Object.keys(ORACLE_GROUPS),
];

interface Row {
  readonly group: readonly { readonly by: string; readonly value: string; readonly name?: string }[];
  readonly metrics: Readonly<
    Record<string, { readonly value: number | null; readonly n: number; readonly excluded: number }>
  >;
}

const rowsOf = ({ data }: ToolAnswer) => data.results as readonly Row[];
const totalsOf = ({ data }: ToolAnswer) => data.totals as Row['metrics'];

describeWithPostgres('analyze_conversations', () => {
  describe.each(ENGINE_NAMES)('[%s]', (engine) => {
    let mirror: Mirror;
    let client: ServedClient;
    let docs: readonly ExportedConversation[];

    const call = async (args: Record<string, unknown>, by = client): Promise<ToolAnswer> => {
      const answer = await by.call('analyze_conversations', args);
      expect(answer.isError, answer.text).toBe(false);
      return answer;
    };

    beforeAll(async () => {
      mirror = await createMirror(engine, CONVERSATIONS);
      const { stdout } = await runCli(['export', 'conversations'], { env: mirror.env });
      docs = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as ExportedConversation);
      client = await connectStdio(['--no-sync'], mirror.env);
    });
    afterAll(async () => {
      await client.close();
      await mirror.drop();
    });

    it('measures every metric as the export has it', async () => {
      const halves = [METRIC_NAMES.slice(0, 12), METRIC_NAMES.slice(12, 24), METRIC_NAMES.slice(24)];
      for (const metrics of halves) {
        const answer = await call({ metrics });
        const { as_of, definitions } = answer.data.metadata as {
          as_of: string;
          definitions: readonly { metric: string; statistic: string }[];
        };
        const asOf = seconds(as_of) ?? 0;
        expect(definitions.map(({ metric }) => metric)).toEqual(metrics);
        for (const metric of metrics.filter((each) => each !== 'open_backlog')) {
          const own = metric === 'closed' ? docs.filter((doc) => doc.statistics?.last_close_at) : docs;
          const expected = oracleValue(
            metric,
            definitions.find((each) => each.metric === metric)?.statistic ?? '',
            own,
            {
              asOf,
              recontactDays: 7,
              all: docs,
            },
          );
          const found = totalsOf(answer)[metric];
          expect(found, metric).toMatchObject({ n: expected.n, excluded: expected.excluded });
          // Merged contacts are one person; the export keeps the ids that conversations have.
          if (metric === 'contacts') expect(found?.value).toBeLessThanOrEqual(expected.value ?? 0);
          else expect(found?.value ?? 0, metric).toBeCloseTo(expected.value ?? 0, 5);
        }
      }
    });

    it('groups by every dimension, each conversation in each of its groups', async () => {
      for (const name of DIMENSIONS) {
        const answer = await call({ metrics: 'created', group_by: name, limit: 1_000, max_tokens: 25_000 });
        const read = ORACLE_GROUPS[name];
        const sum = rowsOf(answer).reduce((total, { metrics }) => total + (metrics.created?.value ?? 0), 0);
        expect(sum, name).toBeGreaterThanOrEqual(CONVERSATIONS);
        if (read === undefined || name.startsWith('attr.')) continue;
        const expected: Record<string, number> = {};
        for (const value of docs.flatMap(read)) expected[value] = (expected[value] ?? 0) + 1;
        const found = Object.fromEntries(
          rowsOf(answer).map(({ group, metrics }) => [group[0]?.value, metrics.created?.value]),
        );
        expect(found, name).toEqual(expected);
      }
    });

    it('counts what a search counts, by names, over HTTP and on the terminal alike', async () => {
      const http = await startHttpServe(['--no-sync'], mirror.env);
      const other = await connectClient('v2 client, 2026-07-28', { url: `${http.url}/mcp` });
      try {
        const asked = { metrics: 'created, csat', group_by: 'team', query: 'state:closed' };
        const answer = await call(asked);
        expect(rowsOf(await call(asked, other))).toEqual(rowsOf(answer));
        for (const { group, metrics } of rowsOf(answer)) {
          const [team] = group;
          const { data } = await client.call('search_conversations', {
            query: 'state:closed',
            team: team?.value,
            limit: 1,
          });
          expect((data.summary as { total_results: number }).total_results).toBe(metrics.created?.value);
          expect(answer.text).toContain(team?.name ?? team?.value);
        }
        const { stdout } = await runCli(
          ['analyze', 'created', 'csat', '--by', 'team', '--query', 'state:closed', '--json'],
          { env: mirror.env },
        );
        const told = JSON.parse(stdout) as { results: readonly Row[] };
        expect(told.results.map(({ metrics }) => metrics.created?.value)).toEqual(
          rowsOf(answer).map(({ metrics }) => metrics.created?.value),
        );
        const table = await runCli(['analyze', '--by', 'month', '--timeframe', 'last year', '--compare'], {
          env: mirror.env,
        });
        expect(table.stdout).toMatch(/^month +created +first_response_time +time_to_close +csat\n/);
      } finally {
        await other.close();
        await http.process.stop();
      }
    });

    it('says what was meant, in the answer, and keeps to its budget with a cursor that goes on', async () => {
      const answer = await call({
        metrics: ['replies', 'time_to_close'],
        timeframe: 'last year',
        compare: true,
      });
      expect(answer.text).toContain('Messages of teammates after the opening one');
      expect(answer.data.compared_to).toMatchObject({ start: expect.stringMatching(/^\d{4}-/) as string });
      const values: string[] = [];
      let cursor: string | null = null;
      do {
        const page: ToolAnswer = await call({
          group_by: 'tag',
          max_tokens: 600,
          ...(cursor ? { cursor } : {}),
        });
        expect(page.text.length).toBeLessThan(5 * 600);
        expect(JSON.stringify(page.data).length).toBeLessThan(5 * 600);
        values.push(...rowsOf(page).map(({ group }) => group[0]?.value ?? ''));
        cursor = (page.data.pagination as { next_cursor: string | null }).next_cursor;
      } while (cursor !== null);
      const whole = await call({ group_by: 'tag', limit: 1_000, max_tokens: 25_000 });
      expect(values).toEqual(rowsOf(whole).map(({ group }) => group[0]?.value));
    });

    it('has one sentence for each thing that it cannot do', async () => {
      for (const [args, words] of [
        [{ metrics: 'csatt' }, 'the nearest is "csat"'],
        [{ group_by: 'planet' }, 'there is no dimension "planet"'],
        [{ group_by: 'day, team, tag' }, 'at most 2 dimensions'],
        [{ compare: true }, 'compare needs a time frame'],
        [{ query: 'csat:9' }, 'csat'],
        [{ metric_name: 'x' }, 'metric'],
      ] as const) {
        const answer = await client.call('analyze_conversations', args);
        expect(answer.isError, answer.text).toBe(true);
        expect(answer.text).toContain(words);
      }
      const empty = await call({
        query: 'wordthatnobodywrote',
        metrics: 'created, csat, contacts',
        group_by: 'day',
      });
      expect(totalsOf(empty)).toMatchObject({ created: { value: 0 }, csat: { value: null, n: 0 } });
      expect(rowsOf(empty)).toEqual([]);
    });
  });
});

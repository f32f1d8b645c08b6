import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import {
  connectClient,
  connectStdio,
  type ServedClient,
  startHttpServe,
  type ToolAnswer,
} from '../support/mcp.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';

const CONVERSATIONS = 40;
const COMPAT = [
  'get_server_status',
  'sync_conversations',
  'get_data_info',
  'check_coverage',
  'force_sync',
  'list_articles',
];
const FLAGS = ['--toolsets', 'compat'];
const ajv = new Ajv2020({ strict: false });
const DAY_MS = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

describeOnBothEngines('the tools of FastIntercomMCP', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;
  let client: ServedClient;

  // One mirror for all: empty at first, filled by the sync of the second test.
  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', String(CONVERSATIONS), '--seed', '12']);
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  });
  afterAll(async () => {
    await sandbox.stop();
    await place.drop();
  });
  afterEach(() => client.close());

  /** Every answer fits its listed schema. */
  const caller = async (served: ServedClient) => {
    const schemas = new Map(
      (await served.listTools()).map((tool) => [tool.name, tool.outputSchema ?? false]),
    );
    return async (name: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> => {
      const answer = await served.call(name, args);
      const validate = ajv.compile(schemas.get(name) ?? false);
      expect(validate(answer.data), ajv.errorsText(validate.errors)).toBe(true);
      return answer;
    };
  };
  /** The JSON of FastIntercomMCP's text block. */
  const json = ({ data, isError, text }: ToolAnswer): Record<string, unknown> => {
    expect(isError, text).toBe(false);
    expect(JSON.parse(text)).toEqual(data);
    return data;
  };
  const linesOf = async (entity: string): Promise<Record<string, unknown>[]> => {
    const { stdout } = await runCli(['export', entity], { env: { DATABASE_URL: place.url } });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  const past = { start_date: '2020-01-01', end_date: dayOf(Date.now() - 2 * DAY_MS) };

  it('say that nothing is there yet', async () => {
    client = await connectStdio([...FLAGS, '--no-sync'], env);
    const call = await caller(client);
    expect(json(await call('get_data_info'))).toMatchObject({
      has_data: false,
      message: expect.stringMatching(/Nothing/),
      last_sync: null,
      total_conversations: 0,
    });
    expect(json(await call('check_coverage', past))).toMatchObject({
      has_coverage: false,
      partial_coverage: false,
      coverage_gaps: [[expect.stringMatching(/^20(19|20)-/), expect.any(String)]],
      reason: 'No data available',
    });
    expect((await call('force_sync')).data).toMatchObject({ code: 'SYNC_OFF' });
  });

  it('sync, and say what is true', async () => {
    client = await connectStdio(FLAGS, env);
    expect((await client.listTools()).map(({ name }) => name)).toEqual(COMPAT);
    const call = await caller(client);

    expect(json(await call('force_sync'))).toMatchObject({
      success: true,
      message: expect.stringMatching(/success/),
    });
    const conversations = await linesOf('conversations');
    expect(conversations).toHaveLength(CONVERSATIONS);
    const created = conversations.map((each) => Date.parse(String(each.created_at)));
    const parts = conversations.flatMap((each) => each.parts as unknown[]).length;
    const info = json(await call('get_data_info'));
    expect(info).toMatchObject({
      has_data: true,
      total_conversations: CONVERSATIONS,
      total_messages: parts,
      coverage_start: new Date(Math.min(...created)).toISOString().replace('.000Z', 'Z'),
      sync_type: 'incremental',
    });
    expect(Date.now() - Date.parse(String(info.last_sync))).toBeLessThan(60_000);
    expect(info.data_age_minutes).toBeLessThan(3);
    expect(info.database_size_mb).toBeGreaterThan(0.05);

    const status = await call('get_server_status');
    expect(status.data).toMatchObject({
      total_conversations: CONVERSATIONS,
      total_messages: parts,
      last_sync: expect.any(String),
      recent_syncs: [expect.objectContaining({ status: 'complete' })],
    });
    expect(status.text).toContain(`**Conversations:** ${CONVERSATIONS}`);
    expect(status.text).not.toContain(place.url.replace(/^\w+:/, ''));

    const manual = await call('sync_conversations', { force: true });
    expect(manual.data).toMatchObject({ success: true, outcome: 'complete', errors: 0 });
    expect(manual.text).toMatch(/Sync completed successfully[^]*force and days change nothing/);
  });

  it('say of a span what is covered, and what is not', async () => {
    client = await connectStdio([...FLAGS, '--no-sync'], env);
    const call = await caller(client);
    expect(json(await call('check_coverage', past))).toMatchObject({
      has_coverage: true,
      partial_coverage: false,
      coverage_gaps: [],
      cached_range: { start: expect.any(String), end: expect.any(String) },
      reason: 'Full coverage',
    });
    const today = { start_date: dayOf(Date.now()), end_date: dayOf(Date.now() + DAY_MS) };
    expect(json(await call('check_coverage', today))).toMatchObject({ has_coverage: true });
    for (const [args, words] of [
      [{ start_date: '2026-01-01' }, /end_date/],
      [{ start_date: 'soon', end_date: '2026-01-01' }, /start_date "soon" is not a date/],
      [{ start_date: '2026-01-02', end_date: '2026-01-01' }, /end_date must not lie before/],
    ] as const) {
      const refused = await call('check_coverage', args);
      expect(refused).toMatchObject({ isError: true, data: { code: 'ARGUMENT_INVALID' } });
      expect(refused.text).toMatch(words);
    }
  });

  it('list the articles as Intercom does, over HTTP as well', async () => {
    const server = await startHttpServe([...FLAGS, '--no-sync'], env);
    try {
      client = await connectClient('v2 client, 2026-07-28', { url: `${server.url}/mcp` });
      const call = await caller(client);
      const exported = await linesOf('articles');
      expect(exported.length).toBeGreaterThan(4);
      const seen: string[] = [];
      for (let page = 1; seen.length < exported.length; page += 1) {
        const found = json(await call('list_articles', { page, per_page: 4 }));
        const rows = found.data as readonly { readonly id: string }[];
        expect(rows.length).toBeGreaterThan(0);
        expect(found).toMatchObject({
          type: 'list',
          total_count: exported.length,
          pages: { page, per_page: 4, total_pages: Math.ceil(exported.length / 4) },
        });
        seen.push(...rows.map(({ id }) => id));
      }
      expect(seen.toSorted()).toEqual(exported.map(({ id }) => String(id)).toSorted());
      expect(json(await call('list_articles', { page: 99 }))).toMatchObject({ data: [] });
      expect((await call('list_articles', { per_page: 151 })).text).toMatch(/per_page: must be .* 1 to 150/);
      const cut = json(await call('list_articles', { max_tokens: 400 }));
      expect(JSON.stringify(cut.metadata)).toMatch(/left out to fit 400 tokens/);
      expect(json(await call('get_data_info'))).toMatchObject({ total_conversations: CONVERSATIONS });
    } finally {
      await server.process.stop();
    }
  });
});

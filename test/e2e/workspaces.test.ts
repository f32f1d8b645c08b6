import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type CliResult,
  runCli,
  type SandboxProcess,
  startCli,
  startSandboxProcess,
  withoutFetchTime,
} from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { apiGet, requestCounts, setFaults } from '../support/sandbox-control.ts';

type Json = Record<string, unknown>;

/** Two simulated workspaces whose conversations have the same ids and other words. */
const SIZES = { default: 40, shop: 30 } as const;
const CONVERSATION = '215470000000037';

describeOnBothEngines('two workspaces in one database', (create) => {
  let main: SandboxProcess;
  let shop: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;

  beforeAll(async () => {
    [main, shop] = await Promise.all([
      startSandboxProcess(['--conversations', String(SIZES.default), '--seed', '31']),
      startSandboxProcess(['--conversations', String(SIZES.shop), '--seed', '32']),
    ]);
  });
  afterAll(() => Promise.all([main.stop(), shop.stop()]));
  beforeEach(async () => {
    await Promise.all([main, shop].map(({ url }) => setFaults(url, { kind: 'none' })));
    place = await create();
    env = {
      DATABASE_URL: place.url,
      INTERCOM_ACCESS_TOKEN: 'sandbox',
      INTERCOM_API_BASE_URL: main.url,
      INTERCOM_ACCESS_TOKEN_SHOP: 'sandbox',
      INTERCOM_API_BASE_URL_SHOP: shop.url,
    };
  });
  afterEach(() => place.drop());

  const linesOf = ({ stdout }: CliResult): Json[] =>
    stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Json);
  const sync = async (args: readonly string[] = [], changes: Record<string, string> = {}) => {
    const result = await runCli(['sync', '--json', ...args], { env: { ...env, ...changes } });
    const lines = linesOf(result);
    return { ...result, lines, last: lines.at(-1) ?? {} };
  };
  /** Commands that read get the database and no token. */
  const read = (...args: string[]): Promise<CliResult> => runCli(args, { env: { DATABASE_URL: place.url } });
  const exported = async (workspace: string): Promise<string> => {
    const result = await read('export', 'conversations', '--workspace', workspace);
    expect(result.code, result.stderr).toBe(0);
    return withoutFetchTime(result.stdout);
  };
  const byWorkspace = (lines: readonly Json[]): Json =>
    Object.fromEntries(lines.flatMap(({ workspace, ...line }) => (workspace ? [[workspace, line]] : [])));

  it('are synced side by side: a line for each, and one in the same form for both', async () => {
    const { code, last, lines, stderr } = await sync();
    expect(code, stderr).toBe(0);
    expect(lines).toHaveLength(3);
    const own = byWorkspace(lines) as Record<string, Json>;
    for (const [alias, size] of Object.entries(SIZES))
      expect(own[alias]).toMatchObject({
        status: 'complete',
        exit_code: 0,
        entities: { conversations: { listed: size, fetched: size, failed: 0 } },
        incomplete: [],
      });
    expect(last).toMatchObject({
      status: 'complete',
      exit_code: 0,
      entities: { conversations: { listed: 70, fetched: 70, changed: 70, failed: 0 } },
      incomplete: [],
      requests: Number(own.default?.requests) + Number(own.shop?.requests),
      workspaces: {
        default: { status: 'complete', exit_code: 0 },
        shop: { status: 'complete', exit_code: 0 },
      },
    });
    for (const [alias, sandbox, id] of [
      ['default', main, 'sandbox31'],
      ['shop', shop, 'sandbox32'],
    ] as const) {
      const rows = (await exported(alias))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Json);
      expect(rows).toHaveLength(SIZES[alias]);
      const there = await apiGet(sandbox.url, `/conversations/${CONVERSATION}`);
      const here = rows.find((row) => row.id === CONVERSATION) as Json;
      expect(here._mirror).toMatchObject({ workspace: id, hydrated: true });
      expect((here.parts as Json[])[0]?.body).toBe((there.source as Json).body);
    }
  });

  it('are read by name: without one, what reads one workspace lists them, and status shows both', async () => {
    await sync();
    const reads = [
      ['search', 'the'],
      ['show', CONVERSATION],
      ['export', 'conversations'],
    ];
    for (const unnamed of await Promise.all(reads.map((args) => read(...args)))) {
      expect(unnamed.code).toBe(2);
      expect(unnamed.stderr).toMatch(/^error WORKSPACE_REQUIRED: .*: default, shop\.\n/);
      expect(unnamed.stdout).toBe('');
    }
    const wrong = await read('show', CONVERSATION, '--workspace', 'nowhere');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/^error WORKSPACE_NOT_FOUND: .*"nowhere".* default, shop\.\n/);
    const shown = await Promise.all(
      ['SHOP', 'default'].map(async (name) =>
        (await read('show', CONVERSATION, '--workspace', name)).stdout.replace(/^Note.*$/m, ''),
      ),
    );
    expect(shown[0]).toMatch(new RegExp(`^Conversation ${CONVERSATION}\\b`));
    expect(shown[0]).not.toBe(shown[1]);
    const found = await read('search', '', '--json', '--limit', '1', '--workspace', 'sandbox32');
    expect(JSON.parse(found.stdout)).toMatchObject({
      summary: { total_results: SIZES.shop },
      metadata: { workspace: 'shop', coverage: { complete: true } },
    });
    const status = await read('status');
    expect(status.stdout).toMatch(/^default:\nWorkspace sandbox31 [^]*^shop:\nWorkspace sandbox32 /m);
    const all = JSON.parse((await read('status', '--json')).stdout) as Json;
    expect(all).toMatchObject({
      state: 'idle',
      workspaces: [
        { aliases: ['default'], workspace: { id: 'sandbox31' } },
        { aliases: ['shop'], workspace: { id: 'sandbox32' } },
      ],
      metadata: { coverage: { complete: true, conversations: { known: 70, hydrated: 70 } } },
    });
    const one = JSON.parse((await read('status', '--json', '--workspace', 'shop')).stdout) as Json;
    expect(one).toMatchObject({ workspace: { id: 'sandbox32' }, queue: { waiting: 0 }, engine: all.engine });
  });

  it('are synced alone where they are named, and the output is that of one workspace', async () => {
    const before = (await requestCounts(main.url)).total;
    const { code, last, lines } = await sync(['--workspace', 'Shop']);
    expect(code).toBe(0);
    expect(lines).toHaveLength(1);
    expect(Object.keys(last)).toEqual([
      'status',
      'exit_code',
      'entities',
      'incomplete',
      'requests',
      'duration_ms',
    ]);
    expect((await requestCounts(main.url)).total).toBe(before);
    // Of one workspace in the mirror nobody needs to be told which.
    const found = await read('search', '', '--json', '--limit', '1');
    expect(JSON.parse(found.stdout)).toMatchObject({ summary: { total_results: SIZES.shop } });
    expect((JSON.parse(found.stdout) as { metadata: Json }).metadata).not.toHaveProperty('workspace');
    const unknown = await sync(['--workspace', 'shop,other']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(
      /CONFIG_TOKEN_MISSING: .*"other".*default, shop.*\n.*INTERCOM_ACCESS_TOKEN_OTHER/,
    );
  });

  it('do not stop each other: with a dead token for one, the other one is complete', async () => {
    const { code, last, lines, stderr } = await sync([], { INTERCOM_ACCESS_TOKEN: 'revoked' });
    expect(code, stderr).toBe(1);
    const own = byWorkspace(lines) as Record<string, Json>;
    expect(own.default).toMatchObject({
      status: 'failed',
      exit_code: 1,
      error: { code: 'INTERCOM_UNAUTHORIZED' },
    });
    expect(own.shop).toMatchObject({ status: 'complete', exit_code: 0 });
    expect(last).toMatchObject({
      status: 'failed',
      exit_code: 1,
      entities: { conversations: { listed: SIZES.shop } },
      workspaces: { default: { status: 'failed', exit_code: 1 }, shop: { exit_code: 0 } },
    });
    expect((await exported('shop')).split('\n').filter(Boolean)).toHaveLength(SIZES.shop);
    const spoken = await runCli(['sync'], { env: { ...env, INTERCOM_ACCESS_TOKEN: 'revoked' } });
    expect(spoken.stderr).toMatch(/^default: error INTERCOM_UNAUTHORIZED: /m);
    expect(spoken.stderr).toMatch(/^shop: The mirror is up to date: /m);
  });

  it('T52: keep their aliases; swapped tokens are refused before the first write', async () => {
    await sync();
    const before = [await exported('default'), await exported('shop')];
    const swapped = await sync([], {
      INTERCOM_API_BASE_URL: shop.url,
      INTERCOM_API_BASE_URL_SHOP: main.url,
    });
    expect(swapped.code).toBe(2);
    for (const line of Object.values(byWorkspace(swapped.lines)))
      expect(line).toMatchObject({ status: 'failed', error: { code: 'SYNC_WORKSPACE_MISMATCH' } });
    expect([await exported('default'), await exported('shop')]).toEqual(before);
    const status = JSON.parse((await read('status', '--json')).stdout) as { workspaces: Json[] };
    expect(status.workspaces.map(({ aliases, workspace }) => [aliases, (workspace as Json).id])).toEqual([
      [['default'], 'sandbox31'],
      [['shop'], 'sandbox32'],
    ]);
  });

  it('are one where two aliases have tokens of the same workspace: one sync, and a note', async () => {
    const before = await requestCounts(main.url);
    const { code, lines, last, stderr } = await sync([], { INTERCOM_API_BASE_URL_SHOP: main.url });
    expect(code, stderr).toBe(0);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({ workspace: 'default', same_as: ['shop'], status: 'complete' });
    expect(last).toMatchObject({ entities: { conversations: { listed: SIZES.default } } });
    const after = await requestCounts(main.url);
    const threads = 'GET /conversations/{id}';
    expect((after.byEndpoint[threads] ?? 0) - (before.byEndpoint[threads] ?? 0)).toBe(SIZES.default);
    const status = await read('status');
    expect(status.stdout).toContain(
      'The aliases default, shop are of the same workspace; it is mirrored once.',
    );
    const [one, other] = [await exported('default'), await exported('shop')];
    expect(one).toBe(other);
  });

  it('T52: are no matter of each other when one alias gets the token of a third', async () => {
    await sync();
    const before = [await exported('default'), await exported('shop')];
    const { code, lines } = await sync(['--full'], { INTERCOM_ACCESS_TOKEN_SHOP: 'workspace-b' });
    expect(code).toBe(2);
    expect((byWorkspace(lines) as Record<string, Json>).default).toMatchObject({ status: 'complete' });
    expect(await exported('shop')).toBe(before[1]);
  });

  it('go on with --watch, each by itself, also when one cannot be synced at all', async () => {
    const watching = startCli(['sync', '--watch', '--json', '--poll-seconds', '1'], {
      env: { ...env, INTERCOM_ACCESS_TOKEN: 'revoked' },
    });
    await watching.waitForLine(/"workspace":"shop"[^]*"workspace":"shop"/);
    const { code, stderr } = await watching.stop('SIGINT');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^default: error INTERCOM_UNAUTHORIZED/m);
  });
});

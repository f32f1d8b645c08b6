import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import {
  CLIENTS,
  connectClient,
  connectStdio,
  type ListedTool,
  type ServedClient,
  startHttpServe,
} from '../support/mcp.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';

type Json = Record<string, unknown>;

const SIZES = { default: 40, shop: 30 } as const;
const CONVERSATION = '215470000000037';
const FAST = { FAST_INTERCOM_POLL_SECONDS: '1', FAST_INTERCOM_LEASE_SECONDS: '2' };

describeOnBothEngines('two workspaces behind one server', (create) => {
  let main: SandboxProcess;
  let shop: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;
  let closing: (() => Promise<unknown>)[];

  beforeAll(async () => {
    [main, shop] = await Promise.all([
      startSandboxProcess(['--conversations', String(SIZES.default), '--seed', '31']),
      startSandboxProcess(['--conversations', String(SIZES.shop), '--seed', '32']),
    ]);
  });
  afterAll(() => Promise.all([main.stop(), shop.stop()]));
  beforeEach(async () => {
    await Promise.all([main, shop].map(({ url }) => setFaults(url, { kind: 'none' })));
    closing = [];
    place = await create();
    env = {
      DATABASE_URL: place.url,
      INTERCOM_ACCESS_TOKEN: 'sandbox',
      INTERCOM_API_BASE_URL: main.url,
      INTERCOM_ACCESS_TOKEN_SHOP: 'sandbox',
      INTERCOM_API_BASE_URL_SHOP: shop.url,
    };
  });
  afterEach(async () => {
    await Promise.all(closing.map((close) => close()));
    await place.drop();
  });

  const stdio = async (args: readonly string[], settings: Record<string, string>): Promise<ServedClient> => {
    const client = await connectStdio(args, settings);
    closing.push(() => client.close());
    return client;
  };
  const mirrored = async (): Promise<void> => {
    const { code, stderr } = await runCli(['sync'], { env });
    expect(code, stderr).toBe(0);
  };
  const properties = (tools: readonly ListedTool[]): readonly Json[] =>
    tools.map(({ inputSchema }) => inputSchema.properties as Json);
  const metadataOf = ({ data }: { readonly data: Json }): Json => data.metadata as Json;
  const idOf = ({ data }: { readonly data: Json }): unknown => (data.results as Json[])[0]?.id;
  /** Asks until the answer is as wanted; the test's own time limit ends it otherwise. */
  const until = async <T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> => {
    for (;;) {
      const answer = await ask();
      if (wanted(answer)) return answer;
      await sleep(100);
    }
  };
  const shows = async (id: string, workspace: string): Promise<boolean> =>
    (await runCli(['show', id, '--workspace', workspace], { env: { DATABASE_URL: place.url } })).code === 0;

  /** Adds conversations until there is one more than `known`: others have added some to one of two twins. */
  const addNew = async (url: string, known: number): Promise<string> => {
    for (;;) {
      const id = String(await mutate(url, 'addConversation'));
      if ((Number(id) - 215_470_000_000_000) / 37 >= known) return id;
    }
  };

  /** What every client sees and asks of a mirror of two workspaces. */
  const expectTwo = async (client: ServedClient): Promise<readonly ListedTool[]> => {
    const tools = await client.listTools();
    for (const listed of properties(tools))
      expect(listed.workspace).toEqual({ type: 'string', description: 'Which workspace: default, shop.' });

    const unnamed = await client.call('search_conversations', { query: 'the' });
    expect(unnamed.isError).toBe(true);
    expect(unnamed.data).toMatchObject({ code: 'WORKSPACE_REQUIRED', retryable: false });
    expect(unnamed.text).toContain('default, shop');
    const wrong = await client.call('get_conversation', { id: CONVERSATION, workspace: 'nowhere' });
    expect(wrong.isError).toBe(true);
    expect(wrong.data).toMatchObject({ code: 'WORKSPACE_NOT_FOUND' });
    expect(wrong.text).toContain('default, shop');
    const odd = await client.call('search_conversations', { workspace: 7 });
    expect(odd.data).toMatchObject({ code: 'ARGUMENT_INVALID' });
    const typo = await client.call('search_conversations', { worksapce: 'shop' });
    expect(typo.text).toContain('the nearest is "workspace"');

    for (const [workspace, size] of Object.entries(SIZES)) {
      const found = await client.call('search_conversations', { workspace, limit: 1 });
      expect(found.data.summary).toMatchObject({ total_results: size });
      expect(metadataOf(found)).toMatchObject({ workspace, coverage: { complete: true } });
      expect(found.text).toContain(`Workspace ${workspace}.`);
    }
    const threads = await Promise.all(
      ['default', 'shop'].map((workspace) =>
        client.call('get_conversation', { id: CONVERSATION, workspace }),
      ),
    );
    expect(threads.map((thread) => metadataOf(thread).workspace)).toEqual(['default', 'shop']);
    expect(threads[0]?.data.parts).not.toEqual(threads[1]?.data.parts);

    // A connector names no workspace: it hears of all, and reads by what it heard.
    const everywhere = await client.call('search', { query: 'the', limit: 6 });
    const hits = everywhere.data.results as { readonly id: string; readonly url: string }[];
    expect(hits.map(({ id }) => id.split(':')[1])).toEqual([
      'default',
      'shop',
      'default',
      'shop',
      'default',
      'shop',
    ]);
    for (const { id, url } of hits) {
      const document = await client.call('fetch', { id });
      expect(document.data).toMatchObject({ id, url });
      expect(metadataOf(document)).toMatchObject({ workspace: id.split(':')[1] });
      expect((await client.call('fetch', { id: url })).data).toEqual(document.data);
    }
    const bare = await client.call('fetch', { id: CONVERSATION });
    expect(bare.data).toMatchObject({ code: 'WORKSPACE_REQUIRED' });

    const first = await client.call('search_conversations', { workspace: 'shop', limit: 1 });
    const cursor = (first.data.pagination as Json).next_cursor;
    const page = { limit: 1, cursor };
    const foreign = await client.call('search_conversations', { ...page, workspace: 'default' });
    expect(foreign.data).toMatchObject({ code: 'CURSOR_INVALID' });
    const second = await client.call('search_conversations', { ...page, workspace: 'Shop' });
    expect(second.isError, second.text).toBe(false);
    expect(idOf(second)).not.toBe(idOf(first));
    return tools;
  };

  it('are named by every tool over stdio, and not before there are two', async () => {
    const client = await stdio(['--no-sync'], env);
    const before = await client.listTools();
    for (const listed of properties(before)) expect(listed).not.toHaveProperty('workspace');
    const one = await runCli(['sync', '--workspace', 'shop'], { env });
    expect(one.code, one.stderr).toBe(0);
    expect(await client.listTools()).toEqual(before);
    const named = await client.call('search_conversations', { workspace: 'shop' });
    expect(named.data.summary).toMatchObject({ total_results: SIZES.shop });
    const unnamed = await client.call('search_conversations', { limit: 1 });
    expect(unnamed.data.summary).toMatchObject({ total_results: SIZES.shop });
    expect(metadataOf(unnamed)).not.toHaveProperty('workspace');
    await mirrored();
    await expectTwo(client);
  });

  it('are the same for all clients over HTTP', async () => {
    await mirrored();
    const server = await startHttpServe(['--no-sync'], { DATABASE_URL: place.url });
    closing.push(() => server.process.stop());
    const lists: unknown[] = [];
    for (const name of CLIENTS) {
      const client = await connectClient(name, { url: `${server.url}/mcp` });
      closing.unshift(() => client.close());
      lists.push((await expectTwo(client)).map(({ name: tool, inputSchema }) => ({ tool, inputSchema })));
    }
    expect(new Set(lists.map((list) => JSON.stringify(list))).size).toBe(1);
    const status = await fetch(`${server.url}/ready`);
    expect(status.status).toBe(200);
  });

  it('are synced by it, both, and told apart in the status', async () => {
    const client = await stdio([], { ...env, ...FAST });
    const status = await until(
      () => client.call('get_sync_status'),
      ({ data }) =>
        ((metadataOf({ data }).coverage as Json).conversations as Json).hydrated === 70 &&
        (metadataOf({ data }).coverage as Json).complete === true,
    );
    expect(status.data.workspaces).toMatchObject([
      { aliases: ['default'], workspace: { id: 'sandbox31' } },
      { aliases: ['shop'], workspace: { id: 'sandbox32' } },
    ]);
    expect(status.text).toMatch(/^2 workspaces\.\n\nWorkspace default:\n[^]*\nWorkspace shop:\n/);
    const one = await client.call('get_sync_status', { workspace: 'shop' });
    expect(one.data).toMatchObject({ workspace: { id: 'sandbox32' }, metadata: { workspace: 'shop' } });
    const added = await Promise.all([main, shop].map(({ url }) => mutate(url, 'addConversation')));
    await until(async () => {
      const found = await Promise.all(
        ['default', 'shop'].map((workspace, index) =>
          client.call('get_conversation', { id: String(added[index]), workspace }),
        ),
      );
      return found.every(({ isError }) => !isError);
    }, Boolean);
  }, 60_000);

  it('do not stop each other: one dead token is stated, and the other workspace stays fresh', async () => {
    const client = await stdio([], { ...env, ...FAST, INTERCOM_ACCESS_TOKEN: 'revoked' });
    const status = await until(
      () => client.call('get_sync_status'),
      ({ text }) => text.includes('refused the access token'),
    );
    const of = (alias: string): Json =>
      (status.data.workspaces as Json[]).find(({ aliases }) => (aliases as string[])[0] === alias) ?? {};
    expect(of('default')).toMatchObject({ state: 'paused', metadata: { coverage: { complete: false } } });
    expect(JSON.stringify(of('default'))).toContain('refused the access token');
    expect(of('shop').state).not.toBe('paused');
    const none = await client.call('search_conversations', { workspace: 'default' });
    expect(none.data).toMatchObject({ code: 'WORKSPACE_UNKNOWN' });
    const added = String(await mutate(shop.url, 'addConversation'));
    await until(
      () => client.call('get_conversation', { id: added, workspace: 'shop' }),
      ({ isError }) => !isError,
    );
  }, 60_000);

  it('are both taken over by another process when the one that syncs them is killed', async () => {
    const first = startCli(['serve'], { env: { ...env, ...FAST } });
    const begin = { jsonrpc: '2.0', id: 0, method: 'initialize' };
    const clientInfo = { name: 't', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const lines = [
      { ...begin, params },
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} },
    ];
    first.child.stdin.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    await first.waitForLine(/"id":1/);
    await until(
      async () => {
        const status = await runCli(['status', '--json'], { env: { DATABASE_URL: place.url } });
        return status.code === 0 ? (JSON.parse(status.stdout) as Json) : {};
      },
      ({ workspaces, metadata }) =>
        (workspaces as unknown[] | undefined)?.length === 2 &&
        ((metadata as Json).coverage as Json).complete === true,
    );
    const threads = async (): Promise<number> =>
      (await requestCounts(main.url)).byEndpoint['GET /conversations/{id}'] ?? 0;
    const fetched = await threads();
    const second = await stdio([], { ...env, ...FAST });
    await second.listTools();
    expect(await threads()).toBe(fetched);
    const added = await Promise.all([main, shop].map(({ url }) => mutate(url, 'addConversation')));
    expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
    await until(
      async () =>
        (await Promise.all([shows(String(added[0]), 'default'), shows(String(added[1]), 'shop')])).every(
          Boolean,
        ),
      Boolean,
    );
  }, 90_000);

  it('are one where two tokens are of the same workspace: the other token takes over when the first one dies', async () => {
    // The same workspace behind two addresses, so that one token can die alone.
    const twin = await startSandboxProcess(['--conversations', String(SIZES.default), '--seed', '31']);
    closing.push(() => twin.stop());
    const both = [main, twin] as const;
    const threads = (): Promise<number[]> =>
      Promise.all(
        both.map(async ({ url }) => (await requestCounts(url)).byEndpoint['GET /conversations/{id}'] ?? 0),
      );
    const [before = 0] = await threads();
    const client = await stdio([], {
      ...env,
      FAST_INTERCOM_POLL_SECONDS: '1',
      INTERCOM_API_BASE_URL_SHOP: twin.url,
    });
    const status = await until(
      () => client.call('get_sync_status'),
      ({ data }) => (metadataOf({ data }).coverage as Json).complete === true,
    );
    expect(status.data).toMatchObject({ workspace: { id: 'sandbox31' } });
    expect(status.text).toContain(
      'The aliases default, shop are of the same workspace; it is mirrored once.',
    );
    for (const listed of properties(await client.listTools())) expect(listed).not.toHaveProperty('workspace');
    const [ofMain = 0, ofTwin = 0] = await threads();
    const fetched = [ofMain - before, ofTwin];
    const { known } = (metadataOf(status).coverage as Json).conversations as Json;
    expect(fetched.toSorted((x, y) => x - y)).toEqual([0, known]);
    const [dying, living] = fetched[0] === 0 ? [twin, main] : [main, twin];
    await setFaults(dying.url, { kind: 'status', status: 401, code: 'unauthorized', path: '/', times: 1e6 });
    const added = await addNew(living.url, Number(known));
    await until(
      () => client.call('get_conversation', { id: added }),
      ({ isError }) => !isError,
    );
  }, 60_000);

  it('may each be synced by a process of its own, each holding its own lease', async () => {
    const { INTERCOM_ACCESS_TOKEN_SHOP: _token, INTERCOM_API_BASE_URL_SHOP: _url, ...onlyMain } = env;
    const { INTERCOM_ACCESS_TOKEN: _main, INTERCOM_API_BASE_URL: _base, ...onlyShop } = env;
    const servers = await Promise.all([
      stdio([], { ...onlyMain, ...FAST }),
      stdio([], { ...onlyShop, ...FAST }),
    ]);
    await Promise.all(servers.map((server) => server.listTools()));
    const [forMain] = servers;
    const status = await until(
      () => forMain.call('get_sync_status'),
      ({ data }) =>
        (data.workspaces as unknown[] | undefined)?.length === 2 &&
        (metadataOf({ data }).coverage as Json).complete === true,
    );
    // It has no token for the other one, and says so; the other process keeps it fresh.
    expect(status.data.workspaces).toMatchObject([
      { aliases: ['default'] },
      { aliases: ['shop'], state: 'paused' },
    ]);
    expect(status.text).toContain('INTERCOM_ACCESS_TOKEN_SHOP');
    const added = String(await mutate(shop.url, 'addConversation'));
    await until(
      () => forMain.call('get_conversation', { id: added, workspace: 'shop' }),
      ({ isError }) => !isError,
    );
  }, 60_000);
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors/app-error.ts';
import { TOOLS } from '../../src/mcp/tools/registry.ts';
import type { SqliteStore } from '../../src/storage/sqlite/engine.ts';
import type { Logger } from '../../src/telemetry/logger.ts';
import { post } from '../support/http.ts';
import { META } from '../support/json-rpc.ts';
import { CLIENTS, connectClient, type ServedClient } from '../support/mcp.ts';
import { type InProcess, serveInProcess, simple } from './in-process.ts';

const MARK = 'SECRET-MARK /etc/x select * from users';

let served: InProcess | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

/** A logger that keeps what it is told. */
const recorder = () => {
  const lines: string[] = [];
  const keep = (fields: Record<string, unknown>, text: string): void => {
    const { err, cause } = fields as { err?: Error; cause?: Error };
    lines.push(`${text} ${JSON.stringify(fields)} ${err?.message ?? ''} ${cause?.message ?? ''}`);
  };
  const logger = {
    trace: keep,
    debug: keep,
    info: keep,
    warn: keep,
    error: keep,
    isLevelEnabled: () => true,
    child: () => logger,
  } as unknown as Logger;
  return { logger, lines };
};

/** What a failing tool may throw. */
const FAILURES: readonly (readonly [string, () => unknown])[] = [
  ['an unknown error', () => new Error(MARK)],
  ['an error with a code and data', () => Object.assign(new Error(MARK), { code: -32_000, data: { MARK } })],
  ['a type error', () => new TypeError(MARK)],
  [
    'an error of ours with a cause',
    () => new AppError('STORE_FAILED', undefined, { cause: new Error(MARK) }),
  ],
  ['an error of ours with details', () => new AppError('STORE_FAILED', undefined, { details: { MARK } })],
  ['a text', () => MARK],
  ['nothing', () => undefined],
];

describe('a tool that throws', () => {
  const { logger, lines } = recorder();
  let throwing: (() => unknown) | undefined;
  let clients: readonly ServedClient[];
  let place: InProcess;

  beforeAll(async () => {
    place = await serveInProcess({
      conversations: simple(2),
      logger,
      aroundQuery: (query) => ({
        ...query,
        searchConversations: (input, call) => {
          if (throwing) throw throwing();
          return query.searchConversations(input, call);
        },
      }),
    });
    clients = await Promise.all(CLIENTS.map((name) => connectClient(name, { url: place.url })));
    // From now on they hold every answer against the tool's output schema.
    for (const client of clients) await client.listTools();
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    await place.close();
  });

  it.each(FAILURES)(
    '%s: one error result, no word of our inside, and the next call works',
    async (_name, make) => {
      throwing = make;
      lines.length = 0;
      const raw = await post(place.url.slice(0, -'/mcp'.length), {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'search_conversations', arguments: {} },
      });
      expect(raw.status).toBe(200);
      expect(raw.body).toContain('"isError":true');
      expect(raw.body).not.toMatch(/SECRET-MARK|etc\/x/);
      if (make() !== undefined) expect(lines.join('\n')).toContain('SECRET-MARK');
      for (const client of clients) {
        throwing = make;
        const answer = await client.call('search_conversations');
        expect(answer.isError).toBe(true);
        expect(answer.data).toEqual({
          code: expect.stringMatching(/^(INTERNAL|STORE_FAILED)$/),
          message: expect.stringMatching(/^[A-Z].*\.$/),
          remedy: expect.stringMatching(/^Try again.*\.$/),
          retryable: true,
        });
        expect(JSON.stringify(answer)).not.toMatch(/SECRET-MARK|etc\/x|at \w+ \(/);
        throwing = undefined;
        expect((await client.call('search_conversations')).data.summary).toMatchObject({ total_results: 2 });
      }
    },
  );
});

/** The least that a tool needs; of a dead store nothing more matters. */
const ARGUMENTS: Readonly<Record<string, Record<string, unknown>>> = {
  get_conversation: { id: '1' },
  find_similar_conversations: { id: '1' },
  search: { query: 'order' },
  get_contact: { id: '1' },
  get_company: { id: '1' },
  get_ticket: { id: '1' },
  get_article: { id: '1' },
  fetch: { id: 'conversation:1' },
  check_coverage: { start_date: '2026-01-01', end_date: '2026-01-02' },
};

describe('a storage that throws its inside', () => {
  const { lines, logger } = recorder();
  let broken = false;
  let client: ServedClient;
  let place: InProcess;

  beforeAll(async () => {
    place = await serveInProcess({
      conversations: simple(1),
      logger,
      tools: TOOLS,
      syncing: {
        aliases: ['default'],
        pausedBy: () => undefined,
        port: { ask: () => Promise.reject(new Error(MARK)) },
      },
      aroundReader: (store) => ({
        engine: store.engine,
        read: (operation, args, options) =>
          broken ? Promise.reject(new Error(MARK)) : store.read(operation, args, options),
      }),
    });
    client = await connectClient('v2 client, 2026-07-28', { url: place.url });
    await client.listTools();
    broken = true;
  });
  afterAll(async () => {
    await client.close();
    await place.close();
  });

  it.each(TOOLS.map(({ name }) => name))('tells nobody of it: %s', async (name) => {
    lines.length = 0;
    const answer = await client.call(name, ARGUMENTS[name] ?? {});
    expect(answer).toMatchObject({ isError: true, data: { code: 'INTERNAL', retryable: true } });
    expect(JSON.stringify(answer)).not.toMatch(/SECRET-MARK|etc\/x/);
    expect(lines.join('\n')).toContain('SECRET-MARK');
  });
});

describe('a reader thread that dies', () => {
  it('costs the call that it worked on one retryable error, and no other', async () => {
    let kill = false;
    served = await serveInProcess({
      conversations: simple(300),
      aroundReader: (store) => ({
        engine: store.engine,
        read: (name, args, options) => {
          const answer = store.read(name, args, options);
          if (kill && name === 'searchConversations') {
            (store as unknown as SqliteStore).killReader();
            kill = false;
          }
          return answer;
        },
      }),
    });
    const client = await connectClient('v2 client, 2026-07-28', { url: served.url });
    const ask = () => client.call('search_conversations', { query: 'order', limit: 300 });
    let died = 0;
    for (let round = 0; round < 200 && died < 4; round += 1) {
      kill = true;
      const answer = await ask();
      // A thread may still answer before its end reaches it: then nobody noticed.
      if (answer.isError) {
        died += 1;
        expect(answer.data).toMatchObject({
          code: 'STORE_READER_DIED',
          retryable: true,
          remedy: 'Try again.',
        });
      }
      expect((await ask()).data.summary).toMatchObject({ total_results: 300 });
    }
    expect(died).toBe(4);
    await client.close();
  });

  it('under load: every call gets one answer, an error of it is retryable, and the server goes on', async () => {
    served = await serveInProcess({ conversations: simple(50) });
    const client = await connectClient('v2 client, 2025-11-25', { url: served.url });
    const store = served.store as unknown as SqliteStore;
    for (let round = 0; round < 4; round += 1) {
      const calls = Array.from({ length: 24 }, () => client.call('search_conversations', { query: 'order' }));
      await Promise.race(calls);
      store.killReader();
      const answers = await Promise.all(calls);
      expect(answers).toHaveLength(24);
      for (const answer of answers) {
        if (answer.isError) expect(answer.data).toMatchObject({ code: 'STORE_READER_DIED', retryable: true });
        else expect(answer.data.summary).toMatchObject({ total_results: 50 });
      }
      const next = await client.call('search_conversations', { query: 'order' });
      expect(next.isError, next.text).toBe(false);
    }
    await client.close();
  });
});

describe('a call that its client gives up', () => {
  it('is stopped inside, and the server goes on', async () => {
    const { promise: stopped, resolve } = Promise.withResolvers<void>();
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    served = await serveInProcess({
      conversations: simple(2),
      aroundQuery: (query) => ({
        ...query,
        async getSyncStatus(input, call) {
          call?.signal?.addEventListener('abort', () => resolve(), { once: true });
          begin();
          await stopped;
          return query.getSyncStatus(input, call);
        },
      }),
    });
    const abort = new AbortController();
    const answer = fetch(served.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'get_sync_status',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'get_sync_status', arguments: {}, _meta: META },
      }),
      signal: abort.signal,
    });
    answer.catch(() => undefined);
    await begun;
    abort.abort();
    await expect(answer).rejects.toThrow(/abort/i);
    await stopped;
    const client = await connectClient('v1 client, 2025-11-25', { url: served.url });
    expect((await client.call('search_conversations')).data.summary).toMatchObject({ total_results: 2 });
    await client.close();
  });
});

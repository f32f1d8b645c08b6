import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, cleanEnv } from '../support/cli.ts';
import {
  HANDSHAKE,
  modernRequest,
  notification,
  type RawServer,
  request,
  startRaw,
  toolCall,
} from '../support/json-rpc.ts';
import { lockTable } from '../support/locked.ts';
import { createMirror, type Mirror } from '../support/mirrored.ts';

const END_MS = 2_000;
const CLEAN = { code: 0, signal: null };
const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

const cancelled = (requestId: string | number): string =>
  notification('notifications/cancelled', { requestId });

describe('what a client may write to serve', () => {
  let mirror: Mirror;
  let server: RawServer;

  beforeAll(async () => {
    mirror = await createMirror('sqlite', 60);
    server = startRaw(['--no-sync'], mirror.env);
    server.write(HANDSHAKE);
    await server.answer(0);
  });
  afterAll(async () => {
    expect(await server.end()).toMatchObject(CLEAN);
    server.messages();
    await mirror.drop();
  });

  it('what is not JSON, or not JSON-RPC, is answered as such, and the next request works', async () => {
    const bad = ['not json', '{"jsonrpc":"2.0","id":', '\u0000', 'null', '5', '"text"', '{}', '[]'];
    const count = server.messages().length;
    server.write(`${bad.join('\n')}\n\n\r\n`);
    server.write('{"jsonrpc":"1.0","id":41,"method":"ping"}\n{"jsonrpc":"2.0","id":null,"method":"ping"}\n');
    server.write(`${JSON.stringify({ jsonrpc: '2.0', id: 42, method: 5 })}\r\n`);
    server.write(request('then', 'ping'));
    expect(await server.answer('then')).toMatchObject({ result: {} });
    const answers = server.messages().slice(count, -1);
    expect(answers.map(({ id, error }) => [id, error?.code])).toEqual([
      [null, PARSE_ERROR],
      [null, PARSE_ERROR],
      [null, PARSE_ERROR],
      [null, INVALID_REQUEST],
      [null, INVALID_REQUEST],
      [null, INVALID_REQUEST],
      [null, INVALID_REQUEST],
      [null, INVALID_REQUEST],
      [41, INVALID_REQUEST],
      [null, INVALID_REQUEST],
      [42, INVALID_REQUEST],
    ]);
    for (const { error } of answers) expect(error?.message).toMatch(/^[A-Z][^{}\n]{10,120}\.$/);
  });

  it('a request whose parameters do not fit the protocol gets one sentence', async () => {
    server.write(request('p1', 'tools/call', { name: 5 }));
    server.write(request('p2', 'tools/call', { name: 'get_sync_status', arguments: 'x' }));
    server.write(request('p3', 'tools/list', { cursor: 5 }));
    server.write(request('p4', 'no/such/method'));
    for (const id of ['p1', 'p2']) {
      const { error } = await server.answer(id);
      expect(error?.code).toBe(-32_602);
      expect(error?.message).toMatch(/^The parameters of tools\/call .* as an object\.$/);
    }
    expect((await server.answer('p3')).error?.message).toMatch(/^The parameters of tools\/list [^{}\n]+\.$/);
    expect((await server.answer('p4')).error).toEqual({ code: -32_601, message: 'Method not found' });
  });

  it('characters that are split over chunks stay whole', async () => {
    const query = 'größe 退款 😕 คืนเงิน';
    for (const byte of Buffer.from(toolCall('bytes', 'search_conversations', { query }))) {
      server.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { result } = await server.answer('bytes');
    expect(result?.structuredContent).toMatchObject({ metadata: { query } });
  });

  it('a line of 6 MiB is refused, and the next one read', async () => {
    const before = server.messages().filter(({ id }) => id === null).length;
    server.write(toolCall('huge', 'search_conversations', { query: 'x'.repeat(6 * 1024 * 1024) }));
    server.write(request('after-huge', 'ping'));
    await server.answer('after-huge');
    const refusals = server.messages().filter(({ id }) => id === null);
    expect(refusals.length).toBe(before + 1);
    expect(refusals.at(-1)?.error).toEqual({
      code: INVALID_REQUEST,
      message: 'The line is longer than this server reads.',
    });
    expect(server.messages().some(({ id }) => id === 'huge')).toBe(false);
  });

  it('an id that is used twice gets two answers; a number and its text are two ids', async () => {
    server.write(request(7, 'ping') + toolCall(7, 'get_sync_status') + request('7', 'ping'));
    await server.answer('7');
    while (server.messages().filter(({ id }) => id === 7).length < 2) await sleep(5);
    expect(server.messages().filter(({ id }) => id === 7)).toHaveLength(2);
  });

  it('a batch of revision 2025-03-26 is answered message by message', async () => {
    const batch = [request('b1', 'ping'), request('b2', 'tools/list')].map(
      (line) => JSON.parse(line) as object,
    );
    server.write(`${JSON.stringify(batch)}\n`);
    expect((await server.answer('b1')).result).toEqual({});
    expect((await server.answer('b2')).result).toMatchObject({ tools: expect.any(Array) });
    const count = server.messages().length;
    server.write(`${JSON.stringify(Array.from({ length: 101 }, () => batch[0]))}\n${request('b3', 'ping')}`);
    await server.answer('b3');
    const [refused, ...rest] = server.messages().slice(count);
    expect([refused?.error?.code, rest.length]).toEqual([INVALID_REQUEST, 1]);
  });

  it('answers and notifications that nobody asked for are passed over', async () => {
    const count = server.messages().length;
    server.write('{"jsonrpc":"2.0","id":99,"result":{}}\n');
    server.write(notification('notifications/nonsense') + cancelled('nobody') + cancelled(7));
    server.write(request('quiet', 'ping'));
    await server.answer('quiet');
    expect(server.messages()).toHaveLength(count + 1);
  });

  it('a client that only notifies gets nothing, and ends it as any other', async () => {
    const other = startRaw(['--no-sync'], mirror.env);
    other.write(notification('notifications/initialized') + notification('notifications/cancelled', {}));
    const ending = await other.end();
    expect(ending).toMatchObject(CLEAN);
    expect(other.messages()).toEqual([]);
  });

  it('the last request needs no line break', async () => {
    const other = startRaw(['--no-sync'], mirror.env);
    other.write(modernRequest(1, 'tools/call', { name: 'get_sync_status', arguments: {} }).trimEnd());
    expect(await other.end()).toMatchObject(CLEAN);
    expect(other.messages()).toMatchObject([{ id: 1, result: { structuredContent: { state: 'paused' } } }]);
  });

  it('a client that never reads is slowed down and not buffered for; it can still end the server', async () => {
    const child = spawn(process.execPath, [BIN, 'serve', '--no-sync'], {
      env: cleanEnv(mirror.env),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const call = (index: number) =>
      toolCall(index, 'search_conversations', { limit: 60, max_tokens: 25_000 });
    child.stdin.write(HANDSHAKE);
    // Each answer has some 60 KiB: all of them would be more than a gigabyte.
    for (let index = 1; index <= 20_000; index += 1) child.stdin.write(call(index));
    const memoryOf = async (): Promise<number> =>
      Number(/VmRSS:\s+(\d+) kB/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
    const samples: number[] = [];
    do {
      await sleep(300);
      samples.push(await memoryOf());
    } while (samples.length < 4 || Math.max(...samples.slice(-3)) - Math.min(...samples.slice(-3)) > 4);
    const told = performance.now();
    child.stdin.end();
    const [code] = (await exited) as [number | null];
    expect(code).toBe(0);
    expect(performance.now() - told).toBeLessThan(END_MS);
    expect(samples.at(-1)).toBeLessThan(400);
  });
});

describe('calls that are under way', () => {
  let mirror: Mirror;
  const read = (id: number): string => toolCall(id, 'search_conversations', { query: 'order' });

  beforeAll(async () => {
    mirror = await createMirror('postgres', 30);
  });
  afterAll(() => mirror.drop());

  /** A server with calls that wait for a table, and the lock that holds them. */
  const startHeld = async (...calls: readonly string[]) => {
    const lock = await lockTable(mirror.env.DATABASE_URL, 'conversations');
    const server = startRaw(['--no-sync'], mirror.env);
    server.write(HANDSHAKE + calls.join(''));
    await server.answer(0);
    await lock.waiters(Math.min(2, calls.length));
    return { lock, server };
  };

  it.each(['stdin', 'SIGTERM'] as const)('are answered before it ends by %s', async (by) => {
    const { lock, server } = await startHeld(read(1), read(2), read(3));
    const ended = by === 'stdin' ? server.end() : server.kill('SIGTERM');
    await sleep(300);
    await lock.release();
    const ending = await ended;
    expect(ending).toMatchObject(CLEAN);
    expect(ending.ms).toBeLessThan(END_MS);
    const answered = server.messages().filter(({ id }) => id !== 0);
    expect(new Set(answered.map(({ id }) => id))).toEqual(new Set([1, 2, 3]));
    expect(answered).toHaveLength(3);
    for (const { result } of answered) expect(result?.isError).not.toBe(true);
  });

  it.each(['stdin', 'SIGTERM'] as const)('do not keep it when they never return: %s', async (by) => {
    const { lock, server } = await startHeld(read(1));
    const ending = await (by === 'stdin' ? server.end() : server.kill('SIGTERM'));
    await lock.release();
    expect(ending).toMatchObject(CLEAN);
    expect(ending.ms).toBeLessThan(END_MS);
    server.messages();
  });

  it('are not answered once they are cancelled, and do not hold up the end', async () => {
    const { lock, server } = await startHeld(read(1), read(2));
    server.write(cancelled(1) + cancelled(2) + request(3, 'ping'));
    await server.answer(3);
    const ending = await server.end();
    await lock.release();
    expect(ending).toMatchObject(CLEAN);
    expect(ending.ms).toBeLessThan(END_MS);
    expect(server.messages().map(({ id }) => id)).toEqual([0, 3]);
  });
});

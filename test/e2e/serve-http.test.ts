import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { ask, post } from '../support/http.ts';
import { connectClient, type HttpServerProcess, startHttpServe } from '../support/mcp.ts';
import { createMirror, type Mirror } from '../support/mirrored.ts';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const CALL = {
  jsonrpc: '2.0',
  id: 2,
  method: 'tools/call',
  params: { name: 'get_sync_status', arguments: {} },
};
const LIMIT_BYTES = 4 * 1024 * 1024;

describe('serve --http', () => {
  let mirror: Mirror;
  let server: HttpServerProcess;

  beforeAll(async () => {
    mirror = await createMirror('sqlite', 40);
    server = await startHttpServe(['--no-sync'], mirror.env);
  });
  afterAll(async () => {
    const ended = await server.process.stop();
    expect([ended.code, ended.signal, ended.stdout]).toEqual([0, null, '']);
    await mirror.drop();
  });

  const works = async (): Promise<void> => {
    const answer = await post(server.url, CALL);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"structuredContent"');
  };

  it('listens on loopback by default, and says where', () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('answers /health and /ready', async () => {
    const health = await ask(`${server.url}/health`);
    expect([health.status, JSON.parse(health.body)]).toEqual([200, { status: 'ok' }]);
    const ready = await ask(`${server.url}/ready`);
    expect([ready.status, JSON.parse(ready.body)]).toEqual([
      200,
      { status: 'ready', database: true, migrations: true },
    ]);
  });

  it('is not ready while its file is gone, and ready again when it is back', async () => {
    const path = join(mirror.env.HOME, 'mirror.db');
    await rename(path, `${path}.away`);
    const gone = await ask(`${server.url}/ready`);
    expect([gone.status, JSON.parse(gone.body)]).toEqual([
      503,
      { status: 'not ready', database: false, migrations: false },
    ]);
    expect((await ask(`${server.url}/health`)).status).toBe(200);
    await rename(`${path}.away`, path);
    expect((await ask(`${server.url}/ready`)).status).toBe(200);
  });

  it('says what there is at an address where nothing is', async () => {
    for (const path of ['/', '/mcp/x', '/metrics', '/..%2fetc/passwd', '/MCP']) {
      const answer = await ask(server.url + path);
      expect(answer.status, path).toBe(404);
      expect(answer.body).toContain('POST /mcp');
    }
  });

  it.each([
    ['localhost'],
    ['LOCALHOST:80'],
    ['127.0.0.1'],
    ['127.0.0.1:65535'],
    ['127.1.2.3:8080'],
    ['[::1]'],
    ['[::1]:4020'],
  ])('takes Host %s', async (host) => {
    expect((await post(server.url, PING, { host })).status).toBe(200);
  });

  it.each([
    ['evil.example'],
    ['localhost.evil.example'],
    ['evil.example:4020'],
    ['localhost.'],
    ['127.0.0.1.'],
    ['127.0.0.1.evil.example'],
    ['evil@localhost'],
    ['localhost@evil.example'],
    ['localhost#.evil.example'],
    ['localhost:80:80'],
    ['localhost:'],
    ['0.0.0.0'],
    ['[::]'],
    ['::1'],
    ['2130706433'],
    ['0x7f.1'],
    ['10.0.0.1'],
  ])('refuses Host %s', async (host) => {
    for (const path of ['/mcp', '/health', '/ready', '/nothing']) {
      const answer = await ask(server.url + path, { headers: { host } });
      expect(answer.status === 403 || answer.status === 400, `${path} ${answer.status}`).toBe(true);
      expect(answer.body).not.toContain('structuredContent');
    }
    const called = await post(server.url, CALL, { host });
    expect(called.status === 403 || called.status === 400).toBe(true);
    expect(called.body).not.toContain('structuredContent');
  });

  it.each([['http://localhost:3000'], ['HTTP://LOCALHOST'], ['https://127.0.0.1'], ['https://[::1]:8443']])(
    'takes Origin %s',
    async (origin) => {
      expect((await post(server.url, PING, { origin })).status).toBe(200);
    },
  );

  it.each([
    ['null'],
    [''],
    ['https://evil.example'],
    ['http://localhost.evil.example'],
    ['http://localhost.'],
    ['http://evil.example#localhost'],
    ['http://localhost@evil.example'],
    ['http://localhost/'],
    ['file://'],
    ['chrome-extension://localhost'],
    ['localhost'],
  ])('refuses Origin "%s"', async (origin) => {
    const answer = await post(server.url, CALL, { origin });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toEqual({
      jsonrpc: '2.0',
      id: null,
      error: { code: -32_000, message: 'Origin is not allowed.' },
    });
  });

  it('refuses a body over 4 MiB, by its length and by its bytes, and goes on', async () => {
    const body = JSON.stringify({ ...PING, params: { padding: 'x'.repeat(LIMIT_BYTES) } });
    const declared = await post(server.url, '', { 'content-length': body.length }).catch(
      (error: unknown) => error,
    );
    expect(declared).toMatchObject({ status: 413 });
    const chunked = await post(server.url, body, { 'transfer-encoding': 'chunked' });
    expect(chunked.status).toBe(413);
    expect(JSON.parse(chunked.body)).toMatchObject({
      id: null,
      error: { message: 'The body is larger than 4 MiB.' },
    });
    await works();
  });

  it.each([
    ['what is not JSON', '{"jsonrpc":', {}, 400, -32_700],
    ['nothing', '', {}, 400, -32_700],
    ['JSON that is not JSON-RPC', '{"hello":1}', {}, 400, -32_600],
    ['a scalar', '5', {}, 400, -32_600],
    ['an empty batch', '[]', {}, 400, -32_600],
    ['text', JSON.stringify(PING), { 'content-type': 'text/plain' }, 415, -32_000],
    ['a form', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }, 415, -32_000],
    ['an accept header that takes no answer', JSON.stringify(PING), { accept: 'text/html' }, 406, -32_000],
    ['an unknown revision', JSON.stringify(CALL), { 'mcp-protocol-version': '1999-01-01' }, 400, -32_000],
    [
      'a new revision without its fields',
      JSON.stringify(CALL),
      { 'mcp-protocol-version': '2026-07-28' },
      400,
      -32_602,
    ],
  ])('answers %s', async (_name, body, headers, status, code) => {
    const answer = await post(server.url, body, headers);
    expect(answer.status, answer.body).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: '2.0', error: { code } });
    expect(answer.body).not.toMatch(/node_modules|\bat \w+ \(|ZodError|\/tmp\//);
    await works();
  });

  it.each(['GET', 'DELETE', 'PUT', 'OPTIONS'])('knows no %s /mcp', async (method) => {
    const answer = await ask(`${server.url}/mcp`, { method, headers: { accept: 'text/event-stream' } });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe('POST');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it('serves a batch of revision 2025-03-26', async () => {
    const answer = await post(server.url, [PING, { ...PING, id: 'two' }]);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain('"id":1');
    expect(answer.body).toContain('"id":"two"');
  });

  it('refuses a port that is taken', async () => {
    const { port } = new URL(server.url);
    const second = await runCli(['serve', '--http', '--port', port, '--no-sync'], { env: mirror.env });
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(new RegExp(`PORT_IN_USE: Port ${port} is in use.*\\n.*--port`));
    expect(second.stdout).toBe('');
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', '169.254.169.254', 'example.com', '0', '127.0.0.1.nip.io'])(
    'refuses to listen on %s, before it touches anything',
    async (host) => {
      const path = join(mirror.env.HOME, 'never.db');
      const env = { ...mirror.env, DATABASE_URL: `sqlite:${path}` };
      const refused = await runCli(['serve', '--http', '--port', '0', '--host', host], { env });
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(/CONFIG_BIND_REFUSED: .*\n {2}Bind to 127\.0\.0\.1/);
      expect(refused.stdout).toBe('');
      expect(existsSync(path)).toBe(false);
    },
  );

  it('listens on ::1 where the machine has it, else says so', async () => {
    const has = Object.values(networkInterfaces()).some((list) =>
      list?.some(({ address }) => address === '::1'),
    );
    if (!has) {
      const refused = await runCli(['serve', '--http', '--port', '0', '--host', '::1'], { env: mirror.env });
      expect(refused.stderr).toMatch(/CONFIG_INVALID: HOST ::1/);
      return;
    }
    const other = await startHttpServe(['--no-sync', '--host', '::1'], mirror.env);
    expect(other.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    const client = await connectClient('v2 client, 2026-07-28', { url: `${other.url}/mcp` });
    expect((await client.call('get_sync_status')).isError).toBe(false);
    await client.close();
    expect((await other.process.stop()).code).toBe(0);
  });
});

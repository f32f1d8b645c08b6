import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli, type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import { createTempDir } from '../support/temp-dir.ts';
import { EVERYTHING, HEADERS } from './support.ts';

interface Reply {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

const call = async (url: string, path: string, body?: unknown): Promise<Reply> => {
  const response = await fetch(`${url}${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    headers: HEADERS,
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
};

describe('another process steers it', () => {
  let sandbox: SandboxProcess;
  beforeAll(async () => {
    sandbox = await startSandboxProcess([
      '--conversations',
      '30',
      '--seed',
      '4',
      '--latency-ms',
      '5',
      '--rate-limit',
      '6000',
    ]);
  });
  afterAll(() => sandbox.stop());
  const steer = (what: string, body?: unknown): Promise<Reply> =>
    call(sandbox.url, `/__sandbox/${what}`, body);
  const total = async (): Promise<unknown> =>
    (await call(sandbox.url, '/conversations/search', { query: EVERYTHING })).json.total_count;

  test('changes the world', async () => {
    const { json } = await steer('mutate', { op: 'addConversation', args: [{ title: 'from outside' }] });
    const id = String(json.result);
    expect((await call(sandbox.url, `/conversations/${id}`)).json).toMatchObject({
      id,
      title: 'from outside',
    });
    const reply = await steer('mutate', { op: 'reply', args: [id, { body: '<p>hello</p>' }] });
    expect(JSON.stringify((await call(sandbox.url, `/conversations/${id}`)).json)).toContain(
      String(reply.json.result),
    );
    expect(await total()).toBe(31);
    expect((await steer('mutate', { op: 'delete', args: [id] })).json).toEqual({ result: null });
    expect(await total()).toBe(30);
  });

  test('schedules a change before a request to come', async () => {
    const { json: counts } = await steer('requests');
    await steer('mutate', { op: 'addConversation', before: Number(counts.total) + 2 });
    expect([await total(), await total(), await total()]).toEqual([30, 31, 31]);
  });

  test('injects faults, and reads log and counts', async () => {
    expect((await steer('faults', { kind: '502', path: '/teams' })).json).toEqual({ ok: true });
    const response = await fetch(`${sandbox.url}/teams`, { headers: HEADERS });
    expect([response.status, (await response.text()).slice(0, 6)]).toEqual([502, '<html>']);
    expect((await call(sandbox.url, '/teams')).status).toBe(200);
    const log = (await steer('log')).json as unknown as {
      path: string;
      status: number;
      fault: unknown;
      durationMs: number;
    }[];
    expect(log.slice(-2)).toMatchObject([
      { path: '/teams', status: 502, fault: 'status' },
      { path: '/teams', status: 200, fault: null },
    ]);
    expect(log.every(({ durationMs }) => durationMs >= 4)).toBe(true);
    expect((await steer('requests')).json).toMatchObject({ byEndpoint: { 'GET /teams': 2 } });
  });

  test('changes settings', async () => {
    const before = (await steer('settings', {})).json;
    expect(before).toMatchObject({
      latencyMs: 5,
      rateLimitPerMinute: 6_000,
      inclusiveBounds: false,
      sort: 'honoured',
    });
    const changes = {
      latencyMs: 0,
      rateLimitPerMinute: null,
      inclusiveBounds: true,
      sort: 'ignored',
      indexLagSeconds: 9,
    };
    expect((await steer('settings', changes)).json).toEqual({ ...before, ...changes });
    expect((await steer('settings', before)).json).toEqual(before);
  });

  test.each<[string, unknown, number, RegExp]>([
    ['mutate', { op: 'explode' }, 400, /no operation 'explode'.*addConversation/],
    ['mutate', { op: 'delete', args: ['1'] }, 404, /Conversation not found/],
    ['faults', { kind: 'tsunami' }, 400, /no fault 'tsunami'.*429/],
    ['settings', { colour: 1 }, 400, /no setting 'colour'.*latencyMs/],
    ['settings', { latencyMs: -1 }, 400, /'latencyMs' is not allowed/],
    ['settings', { sort: 'up' }, 400, /'sort' is not allowed/],
    ['anything', {}, 404, /not found/],
  ])('%s %j is refused in words', async (what, body, status, reason) => {
    const reply = await steer(what, body);
    expect(reply.status).toBe(status);
    expect(reply.json.error).toMatch(reason);
  });
});

describe('the command', () => {
  test('gives the same bytes for the same seed, from one process to the next', async () => {
    const bytes = async (seed: string): Promise<string> => {
      const sandbox = await startSandboxProcess(['--conversations', '12', '--seed', seed]);
      const reply = await call(sandbox.url, '/conversations/search', { query: EVERYTHING });
      await sandbox.stop();
      return JSON.stringify(reply.json);
    };
    const [one, again, other] = await Promise.all([bytes('6'), bytes('6'), bytes('7')]);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test('says where it listens as JSON, logs requests when asked to, and ends with SIGTERM', async () => {
    const sandbox = startCli(['sandbox', '--port', '0', '--conversations', '0', '--json', '--access-log']);
    const [line] = await sandbox.waitForLine(/^\{.*\}$/m);
    const settings = JSON.parse(line) as Record<string, string>;
    expect(settings).toMatchObject({ INTERCOM_ACCESS_TOKEN: 'sandbox', conversations: 0 });
    await call(settings.INTERCOM_API_BASE_URL ?? '', '/tags?x=1');
    const { code, stderr } = await sandbox.stop();
    expect(stderr).toMatch(/^GET \/tags\?x=1 200 \d+ ms$/m);
    expect(code).toBe(0);
  });

  test('takes its text from a corpus', async () => {
    const folder = await createTempDir();
    const turns = [{ role: 'customer', text: 'a & b' }];
    await writeFile(
      join(folder.path, 'x.jsonl'),
      JSON.stringify({ id: 'x:1', source: 'x', language: 'en', turns }),
    );
    const sandbox = await startSandboxProcess(['--corpus', folder.path]);
    const { json } = await call(sandbox.url, '/conversations');
    expect(json).toMatchObject({
      total_count: 1,
      conversations: [{ source: { body: '<p>a &amp; b</p>' }, custom_attributes: { corpus_id: 'x:1' } }],
    });
    await sandbox.stop();
    await folder.remove();
  });

  test.each<[string, string[], RegExp]>([
    ['an incident in a corpus', ['--incident', '--corpus', '.'], /made-up text/],
    ['a folder without a corpus', ['--corpus', '.'], /corpus cannot be used: .*no \*\.jsonl/],
    ['a folder that is not there', ['--corpus', './nowhere'], /corpus cannot be used/],
    ['too many conversations', ['--conversations', '1000001'], /1000001/],
    ['a limit of less than a call a window', ['--rate-limit', '5'], /5/],
  ])('refuses %s', async (_name, args, reason) => {
    const folder = await createTempDir();
    const { code, stderr } = await runCli(['sandbox', '--port', '0', ...args], { cwd: folder.path });
    await folder.remove();
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
  });

  test('says so when its port is taken', async () => {
    const sandbox = await startSandboxProcess(['--conversations', '1']);
    const { code, stderr } = await runCli(['sandbox', '--port', new URL(sandbox.url).port]);
    await sandbox.stop();
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/in use by another process/);
  });
});

test('a million conversations need no memory of their own, and no time to speak of', async () => {
  const started = performance.now();
  const sandbox = await startSandboxProcess(['--conversations', '1000000', '--seed', '2']);
  const startUp = performance.now() - started;
  const { json } = await call(sandbox.url, '/conversations/search', {
    query: EVERYTHING,
    sort: { field: 'updated_at', order: 'ascending' },
    pagination: { per_page: 150 },
  });
  expect(json.total_count).toBe(1_000_000);
  const rss = execFileSync('ps', ['-o', 'rss=', '-p', String(sandbox.process.child.pid)], {
    encoding: 'utf8',
  });
  await sandbox.stop();
  expect(Number(rss) / 1024).toBeLessThan(350);
  expect(startUp).toBeLessThan(15_000);
});

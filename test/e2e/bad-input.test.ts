import { chmod, mkdir, open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CliResult,
  runCli,
  type SandboxProcess,
  startSandboxProcess,
  withoutFetchTime,
} from '../support/cli.ts';
import { createTestDatabase, describeWithPostgres } from '../support/postgres.ts';
import { createTempDir } from '../support/temp-dir.ts';

/**
 * Root may write what it may not: under this wrapper it has no such right. A test run of an ordinary user needs none.
 */
const UNPRIVILEGED =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

describe('bad input gets one clear sentence that says what to do, and loses nothing', () => {
  let sandbox: SandboxProcess;
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let url: string;
  let path: string;

  beforeAll(async () => {
    sandbox = await startSandboxProcess(['--conversations', '60', '--seed', '3']);
  });
  afterAll(() => sandbox.stop());
  beforeEach(async () => {
    dir = await createTempDir();
    path = join(dir.path, 'data', 'mirror.db');
    url = `sqlite:${path}`;
  });
  afterEach(() => dir.remove());

  const env = (extra: Record<string, string> = {}) => ({
    ...sandbox.env,
    DATABASE_URL: url,
    HOME: dir.path,
    ...extra,
  });
  const synced = async () => {
    const result = await runCli(['sync'], { env: env() });
    expect(result.code, result.stderr).toBe(0);
  };
  const exported = async () =>
    withoutFetchTime((await runCli(['export', 'conversations'], { env: { DATABASE_URL: url } })).stdout);

  /** One sentence with its code, one with the way out; no stack, nothing on stdout. */
  const expectClear = (result: CliResult, exit: number, code: string, words: RegExp): void => {
    expect(result.stderr).toContain(code);
    expect(result.stderr).toMatch(words);
    expect(result.stderr).not.toMatch(/\bat .*\.(js|ts):\d+/);
    expect(result.stdout).toBe('');
    expect(result.code).toBe(exit);
  };

  it('no token', async () => {
    const result = await runCli(['sync'], {
      env: { DATABASE_URL: url, INTERCOM_API_BASE_URL: sandbox.url, HOME: dir.path },
      cwd: dir.path,
    });
    expectClear(result, 2, 'CONFIG_TOKEN_MISSING', /INTERCOM_ACCESS_TOKEN/);
  });

  it('a bad token', async () => {
    await synced();
    const before = await exported();
    const result = await runCli(['sync'], { env: env({ INTERCOM_ACCESS_TOKEN: 'invalid-secret-token' }) });
    expectClear(result, 1, 'INTERCOM_UNAUTHORIZED', /access token/i);
    expect(result.stderr).not.toContain('invalid-secret-token');
    expect(await exported()).toBe(before);
  });

  it('a wrong host', async () => {
    const result = await runCli(['sync'], {
      env: env({ INTERCOM_API_BASE_URL: 'http://127.0.0.1:9' }),
      timeoutMs: 60_000,
    });
    expectClear(result, 1, 'INTERCOM_UNREACHABLE', /INTERCOM_API_BASE_URL/);
  });

  it('a host that is no address', async () => {
    const result = await runCli(['sync'], { env: env({ INTERCOM_API_BASE_URL: 'not a url' }) });
    expectClear(result, 2, 'CONFIG_INVALID', /INTERCOM_API_BASE_URL/);
  });

  it('a token of another workspace', async () => {
    await synced();
    const before = await exported();
    const result = await runCli(['sync'], { env: env({ INTERCOM_ACCESS_TOKEN: 'workspace-elsewhere' }) });
    expectClear(result, 2, 'SYNC_WORKSPACE_MISMATCH', /workspace/);
    expect(await exported()).toBe(before);
  });

  it('a newer schema than the program knows, SQLite', async () => {
    await synced();
    const before = await exported();
    const version = (value: number): void => {
      const db = new DatabaseSync(path);
      db.exec(`pragma user_version = ${value}`);
      db.close();
    };
    const db = new DatabaseSync(path);
    const known = Number(db.prepare('pragma user_version').get()?.user_version);
    db.close();
    version(999);
    for (const command of [['sync'], ['search', 'card'], ['db', 'migrate'], ['export', 'conversations']]) {
      expectClear(await runCli(command, { env: env() }), 1, 'STORE_SCHEMA_NEWER', /[Uu]pgrade/);
    }
    version(known);
    expect(await exported()).toBe(before);
  });

  it('a damaged file', async () => {
    await synced();
    const file = await open(path, 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.alloc(size - 100, 0xa5), 0, size - 100, 100);
    await file.close();
    const damaged = await readFile(path);
    for (const command of [['sync'], ['search', 'card'], ['status']]) {
      expectClear(await runCli(command, { env: env() }), 1, 'STORE_DAMAGED', /damaged|not a database/);
    }
    expect((await readFile(path)).equals(damaged)).toBe(true);
  });

  it('a file that is no database, and a database of another program', async () => {
    await mkdir(join(dir.path, 'data'));
    await writeFile(path, 'my precious notes\n'.repeat(500));
    expectClear(await runCli(['sync'], { env: env() }), 1, 'STORE_DAMAGED', /Move the file away/);
    expect(await readFile(path, 'utf8')).toBe('my precious notes\n'.repeat(500));
    url = `sqlite:${join(dir.path, 'foreign.db')}`;
    const foreign = new DatabaseSync(join(dir.path, 'foreign.db'));
    foreign.exec('create table recipes (name text)');
    foreign.close();
    expectClear(await runCli(['sync'], { env: env() }), 1, 'STORE_DAMAGED', /another program/);
  });

  it('a read-only folder and a read-only file, as a user without special rights', async () => {
    const closed = join(dir.path, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    const nowhere = await runCli(['sync'], {
      env: env({ DATABASE_URL: `sqlite:${join(closed, 'mirror.db')}` }),
      wrapper: UNPRIVILEGED,
    });
    expectClear(nowhere, 1, 'STORE_READ_ONLY', /permission/);
    await synced();
    const before = await exported();
    await chmod(path, 0o400);
    await chmod(join(dir.path, 'data'), 0o500);
    expectClear(
      await runCli(['sync'], { env: env(), wrapper: UNPRIVILEGED }),
      1,
      'STORE_READ_ONLY',
      /permission/,
    );
    const search = await runCli(['export', 'conversations'], {
      env: { DATABASE_URL: url },
      wrapper: UNPRIVILEGED,
    });
    expect(search.code, search.stderr).toBe(0);
    expect(withoutFetchTime(search.stdout)).toBe(before);
    await chmod(join(dir.path, 'data'), 0o700);
  });

  it('a full disk', async () => {
    const small = { FAST_INTERCOM_MAX_DATABASE_MB: '2' };
    const big = await startSandboxProcess(['--conversations', '700', '--seed', '4']);
    const settings = { ...env(), ...big.env };
    expectClear(await runCli(['sync'], { env: { ...settings, ...small } }), 1, 'STORE_FULL', /[Ff]ree space/);
    expect((await stat(path)).size).toBeLessThanOrEqual(2 * 1024 * 1024);
    const kept = (await exported()).split('\n').filter(Boolean).length;
    expect(kept).toBeGreaterThan(0);
    const after = await runCli(['sync'], { env: settings });
    expect(after.code, after.stderr).toBe(0);
    expect((await exported()).split('\n').filter(Boolean)).toHaveLength(700);
    await big.stop();
  });

  it('a database server that is not there, or is of another kind', async () => {
    const gone = await runCli(['sync'], {
      env: env({ DATABASE_URL: 'postgresql://user:hunter2@127.0.0.1:9/nothing' }),
    });
    expectClear(gone, 1, 'STORE_UNREACHABLE', /DATABASE_URL/);
    expect(gone.stderr).not.toContain('hunter2');
    expectClear(
      await runCli(['sync'], { env: env({ DATABASE_URL: 'mysql://x' }) }),
      2,
      'STORE_URL_INVALID',
      /sqlite:/,
    );
  });

  it('a mirror that is not there yet', async () => {
    for (const command of [['search', 'card'], ['status'], ['export', 'conversations'], ['show', '1']]) {
      expectClear(await runCli(command, { env: { DATABASE_URL: url } }), 2, 'STORE_NOT_FOUND', /sync/);
    }
  });

  it('limits and cursors that cannot be, on the command line', async () => {
    await synced();
    for (const limit of ['0', '1000000000', 'many']) {
      const result = await runCli(['search', 'the', '--limit', limit], { env: env() });
      expect(result.code, result.stderr).toBe(2);
      expect(result.stderr).toMatch(/limit/);
    }
    expectClear(
      await runCli(['search', 'the', '--cursor', 'AAAA.BBBB'], { env: env() }),
      2,
      'CURSOR_INVALID',
      /[Ss]tart again/,
    );
    expectClear(await runCli(['search', '...'], { env: env() }), 2, 'QUERY_EMPTY', /word/);
    expectClear(
      await runCli(['search', 'the', '--timeframe', 'soonish'], { env: env() }),
      2,
      'TIMEFRAME_UNKNOWN',
      /last 7 days/,
    );
    expectClear(await runCli(['show', '999'], { env: env() }), 1, 'CONVERSATION_NOT_FOUND', /999/);
  });

  describeWithPostgres('on PostgreSQL', () => {
    it('a newer schema than the program knows, PostgreSQL', async () => {
      const database = await createTestDatabase();
      url = database.url;
      await synced();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('insert into schema_migrations (version) values (999)');
      expectClear(await runCli(['sync'], { env: env() }), 1, 'STORE_SCHEMA_NEWER', /[Uu]pgrade/);
      await client.end();
      await database.drop();
    });

    it('a database that its server does not have', async () => {
      const server = new URL(process.env.TEST_POSTGRES_URL ?? '');
      server.pathname = '/no_such_database';
      expectClear(
        await runCli(['sync'], { env: env({ DATABASE_URL: server.href }) }),
        1,
        'STORE_UNREACHABLE',
        /does not exist/,
      );
    });
  });
});

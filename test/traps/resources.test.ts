import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { describeOnBothEngines } from '../support/mirror-places.ts';
import { createTestDatabase, describeWithPostgres } from '../support/postgres.ts';
import { mutate } from '../support/sandbox-control.ts';
import { sqlRows } from '../support/sql.ts';
import { createTempDir } from '../support/temp-dir.ts';
import { expectSame, heldConversations } from './oracle.ts';
import { exported, rowsOf } from './read-mirror.ts';

const LONG = Boolean(process.env.FAST_INTERCOM_LONG_TESTS);
/** Several programs are started one after the other, on machines that do other things too. */
const TIME = { timeout: 180_000 };

describe('a disk that does not take it', () => {
  let sandbox: SandboxProcess;
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let file: string;
  let url: string;
  let env: Record<string, string>;
  beforeEach(async () => {
    sandbox = await startSandboxProcess(['--conversations', '40', '--seed', '7']);
    dir = await createTempDir();
    file = `${dir.path}/mirror.db`;
    url = `sqlite:${file}`;
    env = { ...sandbox.env, DATABASE_URL: url };
  });
  afterEach(async () => {
    await sandbox.stop();
    await dir.remove();
  });
  it.each([
    ['the limit of the settings', ['--max-database-mb', '1'], undefined],
    // In blocks of 1 KiB: the operating system refuses what goes beyond.
    ['the disk', [], ['bash', '-c', 'ulimit -f 1000; exec "$@"', 'limited']],
  ] as const)(
    'T76 ends with a clear word when %s is full, and goes on when there is room',
    TIME,
    async (_, flags, wrapper) => {
      expect((await runCli(['sync', '--json'], { env })).code).toBe(0);
      const before = await exported(url);
      for (let index = 0; index < 60; index += 1)
        await mutate(sandbox.url, 'addConversation', { custom_attributes: { blob: blob(index) } });
      const full = await runCli(['sync', '--json', ...flags], { env, ...(wrapper ? { wrapper } : {}) });
      expect(full.code, full.stderr).toBe(1);
      expect(full.stderr).toMatch(/STORE_FULL/);
      // What was there is there, byte for byte.
      const lines = (await exported(url)).split('\n');
      for (const line of before.split('\n')) expect(lines).toContain(line);
      expect((await runCli(['sync', '--json'], { env })).code).toBe(0);
      expectSame(rowsOf(await exported(url)), await heldConversations(sandbox.url));
    },
  );

  it('T76 says that a file is damaged, and leaves it alone', TIME, async () => {
    expect((await runCli(['sync'], { env })).code).toBe(0);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4_096, Math.min(bytes.length, 200_000));
    writeFileSync(file, bytes);
    const { size } = statSync(file);
    const result = await runCli(['sync', '--json'], { env });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/STORE_DAMAGED/);
    expect(statSync(file).size).toBe(size);
    expect(readFileSync(file).equals(bytes)).toBe(true);
  });
});

/** Bytes that no compression makes smaller, the same in every run. */
const blob = (seed: number): string => {
  let state = seed + 1;
  const next = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff);
  return Array.from({ length: 12_000 }, () => next().toString(36)).join('');
};

describeWithPostgres('a PostgreSQL that takes no writes', () => {
  it('T76 says so, keeps what was there, and goes on when it can', TIME, async () => {
    const sandbox = await startSandboxProcess(['--conversations', '40', '--seed', '7']);
    const place = await createTestDatabase();
    try {
      const env = { ...sandbox.env, DATABASE_URL: place.url };
      expect((await runCli(['sync'], { env })).code).toBe(0);
      const before = await exported(place.url);
      await mutate(sandbox.url, 'addConversation');
      const closed = `${place.url}?options=${encodeURIComponent('-c default_transaction_read_only=on')}`;
      const refused = await runCli(['sync'], { env: { ...env, DATABASE_URL: closed } });
      expect(refused.code, refused.stderr).toBe(1);
      expect(refused.stderr).toMatch(/STORE_READ_ONLY/);
      expect(await exported(place.url)).toBe(before);
      const healed = await runCli(['sync', '--json'], { env });
      expect(healed.code, healed.stderr).toBe(0);
      expectSame(rowsOf(await exported(place.url)), await heldConversations(sandbox.url));
    } finally {
      await place.drop();
      await sandbox.stop();
    }
  });
});

describeOnBothEngines('memory', (create) => {
  const conversations = LONG ? 200_000 : 1_000;
  // The heap of a program that keeps what it has done would outgrow this.
  const heapMb = LONG ? 96 : 72;
  it(`T78 mirrors ${conversations} conversations with a heap of ${heapMb} MB`, {
    timeout: 3_600_000,
  }, async () => {
    const sandbox = await startSandboxProcess(['--conversations', String(conversations), '--seed', '78']);
    const place = await create();
    try {
      const env = {
        ...sandbox.env,
        DATABASE_URL: place.url,
        NODE_OPTIONS: `--max-old-space-size=${heapMb}`,
      };
      const result = await runCli(['sync', '--json'], { env, timeoutMs: 3_500_000 });
      expect(result.code, result.stderr.slice(-2_000)).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({
        status: 'complete',
        entities: { conversations: { fetched: conversations } },
      });
      const [count] = await sqlRows(place.url, 'select count(*) as n from conversations where hydrated = 1');
      expect(Number(count?.n)).toBe(conversations);
    } finally {
      await place.drop();
      await sandbox.stop();
    }
  });
});

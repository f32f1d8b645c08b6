import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  runCli,
  type SandboxProcess,
  startCli,
  startSandboxProcess,
  withoutFetchTime,
} from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { createTestDatabase, describeWithPostgres } from '../support/postgres.ts';
import { mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';
import { sqlRows } from '../support/sql.ts';
import { createTempDir } from '../support/temp-dir.ts';
import { expectSame, heldConversations } from './oracle.ts';
import { exported, rowsOf } from './read-mirror.ts';

const LONG = Boolean(process.env.FAST_INTERCOM_LONG_TESTS);
const KILLS = LONG ? 50 : 6;
/** Several programs are started one after the other, on machines that do other things too. */
const TIME = { timeout: 180_000 };
const THREADS = 'GET /conversations/{id}';

/** A second sync brings the mirror to what the sandbox holds, by the oracle. */
const expectHealed = async (env: Record<string, string>, place: MirrorPlace, sandbox: SandboxProcess) => {
  const result = await runCli(['sync', '--json'], { env });
  expect(result.code, result.stderr).toBe(0);
  expectSame(rowsOf(await exported(place.url)), await heldConversations(sandbox.url));
};

describeOnBothEngines('killed processes', (create) => {
  let sandbox: SandboxProcess;
  let place: MirrorPlace;
  let env: Record<string, string>;
  const served = async (): Promise<number> => (await requestCounts(sandbox.url)).total;
  const start = async (conversations: number, ...flags: string[]): Promise<void> => {
    sandbox = await startSandboxProcess(['--conversations', String(conversations), '--seed', '7', ...flags]);
    place = await create();
    env = { ...sandbox.env, DATABASE_URL: place.url };
  };
  afterEach(async () => {
    await place.drop();
    await sandbox.stop();
  });

  it(`T72 loses nothing when it is killed, at ${KILLS} moments`, { timeout: 1_800_000 }, async () => {
    const conversations = LONG ? 2_000 : 120;
    await start(conversations, '--latency-ms', '12');
    const calm = await runCli(['sync', '--json'], { env });
    expect(calm.code, calm.stderr).toBe(0);
    const { requests } = JSON.parse(calm.stdout) as { requests: number };
    const undisturbed = await exported(place.url);
    expectSame(rowsOf(undisturbed), await heldConversations(sandbox.url));
    for (let moment = 0; moment < KILLS; moment += 1) {
      await place.drop();
      place = await create();
      env = { ...sandbox.env, DATABASE_URL: place.url };
      const before = await served();
      const first = startCli(['sync'], { env });
      // Spread by a fixed irrational step over the requests of a run: the same moments in every run of the test.
      const until = before + 1 + Math.floor((((moment + 0.5) * 0.618_034) % 1) * (requests - 2));
      while ((await served()) < until) await sleep(2);
      expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
      const second = await runCli(['sync', '--json'], { env });
      expect(second.code, second.stderr).toBe(0);
      expect(withoutFetchTime(await exported(place.url))).toBe(withoutFetchTime(undisturbed));
    }
  });

  it('T73 fetches what was listed when it was killed between listing and fetching', TIME, async () => {
    await start(150);
    // Ids begin with 2: threads take an hour, listings do not.
    const never = { kind: 'slow', delayMs: 3_600_000, path: '/conversations/2', times: 1e6 };
    await setFaults(sandbox.url, never);
    const first = startCli(['sync'], { env });
    const listed = async (): Promise<number> => {
      const [state] = await sqlRows(
        place.url,
        `select count(*) as done from sync_states where entity = 'conversations' and backfilled = 1`,
      ).catch(() => []);
      return Number(state?.done ?? 0);
    };
    while ((await listed()) === 0) await sleep(20);
    expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
    await setFaults(sandbox.url, { kind: 'none' });
    const status = await runCli(['status', '--json'], { env: { DATABASE_URL: place.url } });
    // The listing is complete; what it queued still waits, and is told.
    expect(JSON.parse(status.stdout)).toMatchObject({
      queue: { waiting: 150 },
      metadata: { as_of: null, coverage: { complete: false, conversations: { known: 150, hydrated: 0 } } },
    });
    await expectHealed(env, place, sandbox);
  });

  it('T74 makes the requests of one sync with five processes at once', TIME, async () => {
    await start(120, '--latency-ms', '10');
    const results = await Promise.all(Array.from({ length: 5 }, () => runCli(['sync', '--json'], { env })));
    for (const result of results) {
      expect(result.code, result.stderr).toBe(0);
      expect(JSON.parse(result.stdout)).toMatchObject({ status: 'complete' });
    }
    const { byEndpoint, total } = await requestCounts(sandbox.url);
    expect(byEndpoint[THREADS]).toBe(120);
    // Beside that: one listing, whose token each has, and at most one look for what is new each.
    expect(total).toBeLessThan(120 + 60);
    expectSame(rowsOf(await exported(place.url)), await heldConversations(sandbox.url));
  });

  it('T74 takes over when the one that syncs is killed', TIME, async () => {
    await start(120, '--latency-ms', '20');
    const first = startCli(['sync'], { env });
    while (((await requestCounts(sandbox.url)).byEndpoint[THREADS] ?? 0) < 30) await sleep(5);
    const second = startCli(['sync', '--json', '--lease-seconds', '60'], { env });
    // It has asked whose token it has: it waits for the first one now, or is about to.
    const asked = async (): Promise<number> => (await requestCounts(sandbox.url)).byEndpoint['GET /me'] ?? 0;
    while ((await asked()) < 2) await sleep(5);
    expect((await first.stop('SIGKILL')).signal).toBe('SIGKILL');
    // Nobody waits for the minute of a lease that a dead process holds; the test's own time is the bound.
    await second.waitForLine(/"status":"complete"/);
    expect((await second.stop()).code).toBe(0);
    expectSame(rowsOf(await exported(place.url)), await heldConversations(sandbox.url));
  });
});

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
      await expectHealed(env, place, sandbox);
    } finally {
      await place.drop();
      await sandbox.stop();
    }
  });
});

describeOnBothEngines('memory', (create) => {
  const conversations = LONG ? 200_000 : 1_200;
  // The heap of a program that keeps what it has done would outgrow this.
  const heapMb = LONG ? 96 : 64;
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

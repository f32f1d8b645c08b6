import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import {
  runCli,
  type SandboxProcess,
  startCli,
  startSandboxProcess,
  withoutFetchTime,
} from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { requestCounts, setFaults } from '../support/sandbox-control.ts';
import { sqlRows } from '../support/sql.ts';
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
    // Beside that: one listing of everything, whose token each has, and looks for what is new since; far less than two syncs.
    expect(total).toBeLessThan(2 * 120);
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
    if (second.child.exitCode === null) await once(second.child, 'close');
    expect(second.child.exitCode, second.stderr()).toBe(0);
    expectSame(rowsOf(await exported(place.url)), await heldConversations(sandbox.url));
  });
});

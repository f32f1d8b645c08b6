import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { runCli, type SandboxProcess, startCli, startSandboxProcess } from '../support/cli.ts';
import { describeOnBothEngines, type MirrorPlace } from '../support/mirror-places.ts';
import { mutate, requestCounts, setFaults } from '../support/sandbox-control.ts';
import { sqlRows } from '../support/sql.ts';
import { describeTraps } from './support.ts';
import { isAppError } from '../../src/errors/app-error.ts';
import type { Store } from '../../src/data/store.ts';
import { expectSame, heldConversations } from './oracle.ts';
import { exported, rowsOf } from './read-mirror.ts';

const CONVERSATIONS = 80;
const LEASE_SECONDS = '2';
/** So long each thread takes in the run that is stopped: its answers are on their way then. */
const SLOW_MS = 4_000;

/** True while a stopped process holds a transaction open: nobody else could write then, and that is not what is tested. */
const holdsTransaction = async (databaseUrl: string): Promise<boolean> => {
  if (!databaseUrl.startsWith('sqlite:')) {
    const open = await sqlRows(
      databaseUrl,
      `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
       and state like 'idle in transaction%'`,
    );
    return open.length > 0;
  }
  const database = new DatabaseSync(databaseUrl.slice('sqlite:'.length), { timeout: 0 });
  try {
    database.exec('begin immediate; rollback');
    return false;
  } catch {
    return true;
  } finally {
    database.close();
  }
};

/** Stops a process between two of its writes. */
const pauseOutside = async (child: { kill(signal: NodeJS.Signals): boolean }, url: string): Promise<void> => {
  for (;;) {
    child.kill('SIGSTOP');
    // A statement that the server still works on for it shows by its end.
    await sleep(20);
    if (!(await holdsTransaction(url))) return;
    child.kill('SIGCONT');
    await sleep(20);
  }
};

const epochOf = async (url: string): Promise<number> =>
  Number((await sqlRows(url, 'select epoch from sync_leases'))[0]?.epoch ?? 0);

const waitUntil = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await sleep(10);
};

/** A store whose writes stand still from the first one that carries threads, as those of a stopped process do. */
const stoppable = (store: Store) => {
  const reached = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  let stopped = false;
  const write: Store['write'] = async (name, args) => {
    if (name === 'applyThreads') {
      stopped = true;
      reached.resolve();
    }
    if (stopped) await woken.promise;
    return store.write(name, args);
  };
  const seen: Store = {
    engine: store.engine,
    schemaVersion: store.schemaVersion,
    read: (name, args, options) => store.read(name, args, options),
    write,
    scrub: () => store.scrub(),
    close: () => store.close(),
  };
  return { store: seen, reached: reached.promise, wake: () => woken.resolve() };
};

describeTraps('a write that was on its way when the process was stopped', (open) => {
  it('is refused by its epoch once another process has taken over', async () => {
    await using trap = await open({ conversations: 30 });
    const sleeper = stoppable(trap.store);
    const sync = { leaseMs: 300 };
    const sleeping = trap.sync({ store: sleeper.store, sync });
    const outcome = sleeping.then(
      () => 'done',
      (error: unknown) => (isAppError(error) ? error.code : String(error)),
    );
    await sleeper.reached;
    // Changes that move no updated_at: only the fence keeps what was fetched before from covering them.
    for (const id of await trap.ids()) trap.sandbox.mutate.set(id, { title: `changed ${id}` }, false);
    expect(await trap.sync({ sync })).toMatchObject({ status: 'complete', incomplete: [] });
    const before = JSON.stringify(await trap.exported());
    sleeper.wake();
    expect(await outcome).toBe('SYNC_LEASE_LOST');
    expect(JSON.stringify(await trap.exported())).toBe(before);
    await trap.expectMirrored();
  });
});

describeOnBothEngines('a process that was stopped beyond its lease', (create) => {
  it('writes nothing stale when it wakes, and ends with a clear word', { timeout: 120_000 }, async () => {
    const sandbox: SandboxProcess = await startSandboxProcess([
      '--conversations',
      String(CONVERSATIONS),
      '--seed',
      '12',
    ]);
    const place: MirrorPlace = await create();
    const env = { ...sandbox.env, DATABASE_URL: place.url, FAST_INTERCOM_LEASE_SECONDS: LEASE_SECONDS };
    try {
      // Its threads are answered from the workspace as it is now, and arrive while it stands still.
      await setFaults(sandbox.url, { kind: 'slow', delayMs: SLOW_MS, path: '/conversations/2', times: 1e6 });
      const sleeper = startCli(['sync', '--json'], { env });
      const asked = async (): Promise<number> =>
        (await requestCounts(sandbox.url)).byEndpoint['GET /conversations/{id}'] ?? 0;
      await waitUntil(async () => (await asked()) >= 60);
      await pauseOutside(sleeper.child, place.url);
      const epoch = await epochOf(place.url);
      const underWay = await asked();
      expect(underWay).toBeLessThan(CONVERSATIONS + 1);
      await setFaults(sandbox.url, { kind: 'none' });
      // Changes that move no updated_at: only the fence keeps what the sleeper has fetched from covering them.
      for (const id of (await heldConversations(sandbox.url)).keys())
        await mutate(sandbox.url, 'set', id, { title: `changed ${id}` }, false);
      const successor = await runCli(['sync', '--json'], { env });
      expect(successor.code, successor.stderr).toBe(0);
      expect(JSON.parse(successor.stdout)).toMatchObject({ status: 'complete', incomplete: [] });
      expect(await epochOf(place.url)).toBeGreaterThan(epoch);
      const before = await exported(place.url);
      expectSame(rowsOf(before), await heldConversations(sandbox.url));
      sleeper.child.kill('SIGCONT');
      const [code] = await new Promise<[number | null]>((resolve) => {
        sleeper.child.once('close', (exitCode) => resolve([exitCode]));
      });
      expect(code, sleeper.stderr()).toBe(1);
      expect(sleeper.stderr()).toMatch(/SYNC_LEASE_LOST/);
      // Byte for byte, the times of the fetches too.
      expect(await exported(place.url)).toBe(before);
      expect(await epochOf(place.url)).toBeGreaterThan(epoch);
    } finally {
      await place.drop();
      await sandbox.stop();
    }
  });
});

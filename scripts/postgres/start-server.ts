/**
 * A PostgreSQL server for one test run: its own temporary folder, a free port on loopback, no lasting trace.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { PostgresBinaries } from './find-binaries.ts';
import { type ServerUser, serverUser } from './server-user.ts';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const PORT_TRIES = 3;

/** Data loss does not matter here, speed does. The `…_memory_type` works where /dev/shm is tiny, as in containers. */
const SETTINGS = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'shared_buffers=64MB',
  'max_wal_size=512MB',
  'dynamic_shared_memory_type=mmap',
  'listen_addresses=127.0.0.1',
  'logging_collector=off',
  'timezone=UTC',
];

/**
 * sh runs the server and stops it when its own input ends. The input is a pipe from this process: however this
 * process ends, kill -9 included, the pipe closes and no server stays behind.
 */
const SUPERVISOR = [
  'exec 3<&0 >"$1/log" 2>&1',
  'shift',
  '"$@" </dev/null 3<&- & server=$!',
  '{ cat <&3 >/dev/null; kill -INT $server; } & watcher=$!',
  'wait $server',
  'code=$?; kill $watcher; exit $code',
].join('\n');

/** A running server. `stop` ends it and removes its folder. */
export interface TestServer {
  /** A connection URL of the superuser. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Place {
  readonly folder: string;
  readonly bin: string;
  readonly user: ServerUser | undefined;
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
};

const canRun = (bin: string, user: ServerUser | undefined): boolean =>
  spawnSync(join(bin, 'postgres'), ['--version'], { cwd: '/', stdio: 'ignore', ...user }).status === 0;

/** A folder of the server's own; with a copy of the programs where its user may not reach them (a clone in /root). */
const preparePlace = (binaries: PostgresBinaries): Place => {
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), 'fast-intercom-pg-'));
  try {
    if (user) chownSync(folder, user.uid, user.gid);
    if (canRun(binaries.bin, user)) return { folder, bin: binaries.bin, user };
    const home = join(folder, 'programs');
    cpSync(binaries.home, home, { recursive: true, verbatimSymlinks: true });
    chmodSync(home, 0o755);
    const bin = join(home, 'bin');
    if (!canRun(bin, user)) throw new Error(`the PostgreSQL programs in ${binaries.bin} do not run here`);
    return { folder, bin, user };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
};

/**
 * A cluster whose default order is a language's, not the bytes': a query that forgets `COLLATE "C"` then shows.
 * A server built without ICU gets the plain one.
 */
const initialise = ({ folder, bin, user }: Place): void => {
  const data = join(folder, 'data');
  const basic = [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--no-sync',
    '--no-instructions',
  ];
  const icu = ['--locale-provider=icu', '--icu-locale=en-US', '--locale=C'];
  const attempts = [icu, ['--locale=C']].map((locale) => {
    const options = { cwd: folder, encoding: 'utf8', ...user } as const;
    return () => spawnSync(join(bin, 'initdb'), [...basic, ...locale], options);
  });
  let said = '';
  for (const attempt of attempts) {
    const run = attempt();
    if (run.status === 0) return;
    said = `${run.stderr ?? ''}${run.error?.message ?? ''}`;
    rmSync(data, { recursive: true, force: true });
  }
  throw new Error(`initdb failed: ${said.trim()}`);
};

const answers = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

/** Waits until the server takes connections; false when it ended (a port taken meanwhile) or never answered. */
const isUp = async (supervisor: ChildProcess, url: string): Promise<boolean> => {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && supervisor.exitCode === null) {
    if (await answers(url)) return true;
    await sleep(50);
  }
  return false;
};

const readLog = ({ folder }: Place): string => {
  try {
    return readFileSync(join(folder, 'log'), 'utf8');
  } catch {
    return '';
  }
};

const end = async (supervisor: ChildProcess): Promise<void> => {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
  const gone = once(supervisor, 'exit');
  supervisor.stdin?.end();
  const inTime = await Promise.race([gone.then(() => true), sleep(STOP_TIMEOUT_MS, false, { ref: false })]);
  // The supervisor leads a group of its own, so this reaches the server and nothing else.
  if (!inTime && supervisor.pid !== undefined) process.kill(-supervisor.pid, 'SIGKILL');
};

const launch = async (place: Place): Promise<TestServer | undefined> => {
  const { bin, folder, user } = place;
  const port = await freePort();
  const settings = [...SETTINGS, `unix_socket_directories=${join(folder, 'socket')}`].flatMap((setting) => [
    '-c',
    setting,
  ]);
  const command = [join(bin, 'postgres'), '-D', join(folder, 'data'), '-p', String(port), ...settings];
  const supervisor = spawn('sh', ['-c', SUPERVISOR, 'sh', folder, ...command], {
    cwd: folder,
    // A group of its own: Ctrl-C is for this process, which then stops the server in good order.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...user,
  });
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  if (!(await isUp(supervisor, url))) {
    await end(supervisor);
    return undefined;
  }
  const stop = async (): Promise<void> => {
    await end(supervisor);
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
};

/**
 * Starts a server from `binaries` on a free loopback port, in a temporary folder; as root, under another account.
 * @throws Error that says why when it does not start; nothing is left behind then.
 */
export const startServer = async (binaries: PostgresBinaries): Promise<TestServer> => {
  const place = preparePlace(binaries);
  try {
    initialise(place);
    const socket = join(place.folder, 'socket');
    mkdirSync(socket);
    if (place.user) chownSync(socket, place.user.uid, place.user.gid);
    for (let attempt = 0; attempt < PORT_TRIES; attempt++) {
      const server = await launch(place);
      if (server) return server;
    }
    throw new Error(`PostgreSQL did not start: ${readLog(place).trim().slice(-500)}`);
  } catch (error) {
    rmSync(place.folder, { recursive: true, force: true });
    throw error;
  }
};

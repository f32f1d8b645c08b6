import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

const BIN = join(import.meta.dirname, '../dist/main.js');
/** Share of the limit that a sync uses when nothing else is said. */
const SHARE = 0.9;
const WINDOW_MS = 10_000;
const SAMPLE_MS = 100;

export interface SyncCase {
  readonly conversations: number;
  /** Calls a minute; null: no limit. */
  readonly rateLimit: number | null;
  readonly latencyMs: number;
  readonly corpus?: string;
  /** An empty database; a SQLite file of its own where it is absent. */
  readonly databaseUrl?: string;
}

export interface SyncMeasure {
  readonly conversations: number;
  readonly rateLimit: number | null;
  readonly requests: number;
  readonly wallMs: number;
  /** Null without a limit. */
  readonly floorMs: number | null;
  /** When `status` said that all conversations are listed, from the start of the process. */
  readonly metricsMs: number | null;
  /** Answers with 429. */
  readonly refused: number;
  /** Of the syncing process, all of its threads, at its highest; null where the system does not tell. */
  readonly peakMb: number | null;
}

const startSandbox = async (each: SyncCase) => {
  const args = ['sandbox', '--port', '0', '--conversations', String(each.conversations), '--seed', '1'];
  args.push('--latency-ms', String(each.latencyMs));
  if (each.rateLimit !== null) args.push('--rate-limit', String(each.rateLimit));
  if (each.corpus !== undefined) args.push('--corpus', each.corpus);
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    const url = /^INTERCOM_API_BASE_URL=(\S+)$/m.exec(text)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error(`the sandbox did not start: ${text}`);
};

/** Anonymous memory of a process now, kB. */
const anonymousKb = (pid: number): number | undefined => {
  try {
    const found = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return found === undefined ? undefined : Number(found);
  } catch {
    return undefined;
  }
};

interface Counts {
  readonly total: number;
  readonly rateLimited: number;
}

const countsOf = async (url: string): Promise<Counts> =>
  (await (await fetch(`${url}/__sandbox/requests`)).json()) as Counts;

const LISTED = `select 1 from sync_states where entity = 'conversations' and backfilled = 1`;

/** Looks into the database that another process fills, whether the list of conversations is complete. */
const watchListing = async (
  databaseUrl: string,
): Promise<AsyncDisposable & { isListed(): Promise<boolean> }> => {
  if (!databaseUrl.startsWith('sqlite:')) {
    const client = new Client(databaseUrl);
    await client.connect();
    return {
      // The table is not there at first.
      isListed: () =>
        client.query(LISTED).then(
          ({ rows }) => rows.length > 0,
          () => false,
        ),
      [Symbol.asyncDispose]: () => client.end(),
    };
  }
  const path = databaseUrl.slice('sqlite:'.length);
  let db: DatabaseSync | undefined;
  return {
    async isListed() {
      try {
        db ??= new DatabaseSync(path, { readOnly: true });
        return db.prepare(LISTED).get() !== undefined;
      } catch {
        return false;
      }
    },
    async [Symbol.asyncDispose]() {
      db?.close();
    },
  };
};

/** One full sync by the built command, beside the arithmetic of the rate limit. */
export const measureSync = async (each: SyncCase): Promise<SyncMeasure> => {
  const folder = mkdtempSync(join(tmpdir(), 'fast-intercom-bench-'));
  const { child: sandbox, url } = await startSandbox(each);
  try {
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      INTERCOM_ACCESS_TOKEN: 'bench',
      INTERCOM_API_BASE_URL: url,
      DATABASE_URL: each.databaseUrl ?? `sqlite:${join(folder, 'mirror.db')}`,
    };
    const started = performance.now();
    const sync = spawn(process.execPath, [BIN, 'sync', '--json'], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    sync.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
    const ended = once(sync, 'close');
    let peak = 0;
    await using watch = await watchListing(env.DATABASE_URL);
    let metricsMs: number | null = null;
    while (sync.exitCode === null && sync.signalCode === null) {
      peak = Math.max(peak, anonymousKb(sync.pid ?? 0) ?? 0);
      if (metricsMs === null && (await watch.isListed())) metricsMs = performance.now() - started;
      await sleep(SAMPLE_MS);
    }
    const wallMs = performance.now() - started;
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`the sync ended with ${code}: ${output.slice(-2_000)}`);
    const { rateLimited, total } = await countsOf(url);
    return {
      conversations: each.conversations,
      rateLimit: each.rateLimit,
      requests: total,
      wallMs,
      floorMs: each.rateLimit === null ? null : (total / (each.rateLimit * SHARE)) * 60_000 + WINDOW_MS,
      metricsMs,
      refused: rateLimited,
      peakMb: peak === 0 ? null : Math.round(peak / 1024),
    };
  } finally {
    sandbox.kill();
    rmSync(folder, { recursive: true, force: true });
  }
};

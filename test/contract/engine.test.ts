import { existsSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import pg from 'pg';
import { describeWithPostgres } from '../support/postgres.ts';
import { analyseQueryRun } from '../../src/lib/text/analyse.ts';
import { sqlitePathOf } from '../../src/storage/open-store.ts';
import { SqliteStore } from '../../src/storage/sqlite/engine.ts';
import type { AppError } from '../../src/errors/app-error.ts';
import { type Logger, silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, mirror, WORKSPACE } from './builders.ts';
import { SQLITE_MIGRATIONS } from '../../src/storage/sqlite/migrations.ts';
import { describeEngines, ENGINES, type TestPlace } from './engines.ts';
import { where } from '../support/search-where.ts';

const workspaceId = WORKSPACE.id;
const many = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => ({
    id: String(from + index),
    created_at: 1_700_000_000 + index,
    opening: `<p>${'the very same words again and again '.repeat(6)} number ${index}</p>`,
  }));

/** Long enough for a machine that has much else to do. */
const POLL = { timeout: 20_000 };

describeEngines('the engine', (create) => {
  let place: TestPlace;
  beforeEach(async () => {
    place = await create();
  });
  afterEach(() => place.drop());

  it('migrates once when several processes start at the same time', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, () => place.open()));
    expect(stores.flatMap((store) => store.applied)).toEqual(SQLITE_MIGRATIONS.map(({ version }) => version));
    const keys = await Promise.all(stores.map((store) => store.read('readSetting', { name: 'cursor_key' })));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shares one mirror between writers and readers', async () => {
    const [first, second] = [await place.open(), await place.open()];
    const fence = await beginSync(first);
    await Promise.all([mirror(first, fence, many(40)), mirror(second, fence, many(40, 1_000))]);
    const reader = await place.open('readOnly');
    for (const store of [first, second, reader]) {
      expect((await store.read('exportPage', { workspaceId, limit: 500, deleted: false })).length).toBe(80);
    }
  });

  it('stops a question at its deadline and goes on', async () => {
    const store = await place.open();
    const fence = await beginSync(store);
    for (let batch = 0; batch < 20; batch += 1) await mirror(store, fence, many(100, 1 + batch * 100));
    const search = (deadlineMs: number) =>
      store.read(
        'searchConversations',
        {
          workspaceId,
          loose: [analyseQueryRun('words'), analyseQueryRun('again')],
          where: where(),
          order: 'relevance',
          limit: 1_000,
        },
        { deadlineMs },
      );
    await expect(search(1)).rejects.toMatchObject({ code: 'STORE_DEADLINE' });
    expect((await search(60_000)).total).toBe(2_000);
  });

  it('stops a question that nobody waits for any more, and goes on', async () => {
    const store = await place.open();
    const fence = await beginSync(store);
    for (let batch = 0; batch < 20; batch += 1) await mirror(store, fence, many(100, 1 + batch * 100));
    const caller = new AbortController();
    const clauses = ['words', 'again', 'same', 'very'].map(analyseQueryRun);
    const args = { workspaceId, loose: clauses, where: where(), order: 'relevance' as const, limit: 1_000 };
    const questions = Array.from({ length: 6 }, () =>
      store.read('searchConversations', args, { signal: caller.signal }),
    );
    caller.abort();
    for (const outcome of await Promise.allSettled(questions)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'STORE_DEADLINE' } });
    }
    expect((await store.read('searchConversations', { ...args, limit: 1 })).total).toBe(2_000);
  });

  it('refuses to write when opened for reading, and to open what is not there', async () => {
    await expect(place.open('readOnly')).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
    await place.open();
    const reader = await place.open('readOnly');
    await expect(reader.write('releaseLease', { workspaceId, epoch: 1 })).rejects.toMatchObject({
      code: 'STORE_READ_ONLY',
    });
  });

  it('answers STORE_CLOSED after it was closed', async () => {
    const store = await place.open();
    await store.close();
    await expect(store.read('findWorkspace', { alias: 'default' })).rejects.toMatchObject({
      code: 'STORE_CLOSED',
    });
    await expect(store.write('releaseLease', { workspaceId, epoch: 1 })).rejects.toMatchObject({
      code: 'STORE_CLOSED',
    });
  });

  it('keeps no words of a question or a row in an error', async () => {
    const store = await place.open();
    const fence = await beginSync(store);
    const bad = { lower: Number.NaN, upper: 'a secret word' as never };
    const failed = store.write('startScan', {
      fence,
      entity: 'x',
      kind: 'backfill',
      since: 0,
      scanId: 's',
      field: 'list',
      startedAt: 1,
      windows: [bad],
    });
    const error = await failed.then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error).toMatchObject({ code: 'STORE_FAILED' });
    expect(error?.message).not.toContain('secret');
  });
});

describeWithPostgres('the server engine', () => {
  it('cancels the statement of a question that was given up', async () => {
    const place = await ENGINES[1].create();
    const store = await place.open();
    await beginSync(store);
    const other = new pg.Client({ connectionString: place.url });
    await other.connect();
    await other.query('begin; lock table conversations in access exclusive mode');
    // A connection of its own: within a transaction these numbers do not move.
    const watcher = new pg.Client({ connectionString: place.url });
    await watcher.connect();
    const waiting = async (): Promise<number> => {
      const { rows } = await watcher.query<{ n: string }>(
        `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return Number(rows[0]?.n);
    };
    const caller = new AbortController();
    const question = store.read(
      'exportPage',
      { workspaceId, limit: 1, deleted: false },
      { signal: caller.signal },
    );
    await expect.poll(waiting, POLL).toBe(1);
    caller.abort();
    await expect(question).rejects.toMatchObject({ code: 'STORE_DEADLINE' });
    await expect.poll(waiting, POLL).toBe(0);
    await other.query('rollback');
    await Promise.all([other.end(), watcher.end()]);
    await place.drop();
  });
});

describe('the embedded engine', () => {
  const create = ENGINES[0].create;

  it('survives the death of reader threads: the call fails once, the next one is answered', async () => {
    const place = await create();
    const store = (await place.open()) as SqliteStore;
    for (let round = 0; round < 4; round += 1) {
      const calls = Array.from({ length: 6 }, () => store.read('findWorkspace', { alias: 'default' }));
      store.killReader();
      for (const outcome of await Promise.allSettled(calls)) {
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ code: 'STORE_READER_DIED', retryable: true });
      }
      expect(await store.read('findWorkspace', { alias: 'default' })).toBeNull();
    }
    await place.drop();
  });

  it('says what is wrong when no reader can be started any more, and does not try for ever', async () => {
    const place = await create();
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (_fields: object, text: string) => void warnings.push(text) };
    await place.open();
    const store = await SqliteStore.open({
      path: sqlitePathOf(place.url) ?? '',
      mode: 'readOnly',
      readers: 2,
      logger: logger as unknown as Logger,
    });
    for (const suffix of ['', '-wal', '-shm'])
      rmSync((sqlitePathOf(place.url) ?? '') + suffix, { force: true });
    store.killReader();
    store.killReader();
    const ask = () => store.read('findWorkspace', { alias: 'default' });
    await expect.poll(() => ask().catch((error: AppError) => error.code), POLL).toBe('STORE_NOT_FOUND');
    expect(warnings.length).toBeLessThan(20);
    await store.close();
    await place.drop();
  });

  it('keeps its files to their owner and its WAL bounded', async () => {
    const place = await create();
    const store = await place.open();
    const path = sqlitePathOf(place.url) ?? '';
    const fence = await beginSync(store);
    for (let batch = 0; batch < 10; batch += 1) await mirror(store, fence, many(100, 1 + batch * 100));
    for (const suffix of ['', '-wal', '-shm']) {
      expect(existsSync(path + suffix)).toBe(true);
      expect(statSync(path + suffix).mode & 0o077).toBe(0);
    }
    expect(statSync(`${path}-wal`).size).toBeLessThan(64 * 1024 * 1024);
    await store.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    await place.drop();
  });
});

import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIntercomClient } from '../../src/intercom/client.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { type OpenedStore, openStore } from '../../src/storage/open-store.ts';
import { createSyncService, type SyncService } from '../../src/sync/create-sync-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createTempDir } from '../support/temp-dir.ts';

const only = { only: ['companies'] };

/** Companies in a workspace of their own; waits are short here, so that it is seen that they are kept. */
describe('companies', () => {
  let dir: Awaited<ReturnType<typeof createTempDir>>;
  let sandbox: Sandbox;
  let store: OpenedStore;
  let sync: SyncService;
  let close: () => Promise<void>;

  const begin = async (companies: number): Promise<void> => {
    const world = await createWorld({ seed: 3, conversations: 4, companies });
    sandbox = await startSandbox({ world, port: 0 });
    store = await openStore({
      url: `sqlite:${join(dir.path, 'mirror.db')}`,
      mode: 'readWrite',
      logger: silentLogger,
    });
    const client = createIntercomClient(
      {
        baseUrl: sandbox.url,
        token: 'sandbox',
        version: '2.16',
        logger: silentLogger,
        userAgent: 'test',
        rateShare: 1,
        backoffBaseMs: 1,
      },
      { maxBackoffMs: 5 },
    );
    sync = createSyncService({
      store,
      client,
      alias: 'default',
      logger: silentLogger,
      scrollWaitMs: 20,
      confirmAfterMs: 1,
      retryDelayMs: 1,
    });
    close = async () => {
      await client.close();
      await store.close();
      await sandbox.close();
    };
  };
  beforeEach(async () => {
    dir = await createTempDir();
  });
  afterEach(async () => {
    await close();
    await dir.remove();
  });

  const listed = (): number =>
    sandbox.objects('companies').objects.filter(({ user_count: users }) => Number(users) > 0).length;
  const asked = (endpoint: string): number => sandbox.requests().byEndpoint[endpoint] ?? 0;
  const workspace = async () => (await store.read('findWorkspace', { alias: 'default' }))?.id ?? '';
  const state = async () =>
    (await store.read('readStatus', { workspaceId: await workspace() })).entities.find(
      ({ entity }) => entity === 'companies',
    );

  it('are all there beyond 10,000, by the scroll (T11)', async () => {
    await begin(10_500);
    const result = await sync.run(only);
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    expect(result.entities.companies?.listed).toBeGreaterThan(10_000);
    expect(asked('POST /companies/list')).toBe(0);
    expect((await state())?.stored).toBe(result.entities.companies?.listed);
  });

  it('are named as truncated where only the list can be had, and none is taken for gone (T11)', async () => {
    await begin(10_500);
    sandbox.set({ foreignScroll: true });
    const result = await sync.run(only);
    expect(result).toMatchObject({
      status: 'incomplete',
      exit_code: 3,
      incomplete: [{ entity: 'companies', id: '*', code: 'SYNC_TRUNCATED' }],
    });
    const { stored = 0, ...rest } = (await state()) ?? {};
    // The scroll was waited for.
    expect(asked('GET /companies/scroll')).toBe(3);
    expect(rest).toMatchObject({ backfilled: false, errorCode: 'SYNC_TRUNCATED' });
    expect(stored).toBe(result.entities.companies?.listed);
    expect(stored).toBeGreaterThanOrEqual(10_000);
    expect(stored).toBeLessThan(10_500);
  });

  it('are listed without a wait while another scroll is open, if the list has all of them (T13)', async () => {
    await begin(130);
    sandbox.set({ foreignScroll: true });
    const result = await sync.run(only);
    expect(result).toMatchObject({ status: 'complete' });
    expect(result.entities.companies?.listed).toBe(listed());
    expect(asked('GET /companies/scroll')).toBe(1);
  });

  it('are scrolled from the beginning when the scroll expires, which is no end (T13)', async () => {
    await begin(450);
    // The second page comes too late: the scroll is gone, and says 404.
    let requests = 0;
    sandbox.setFaults(({ path }) => {
      if (path !== '/companies/scroll') return undefined;
      requests += 1;
      return requests === 3
        ? { kind: 'status', status: 404, code: 'not_found', message: 'scroll parameter not found' }
        : undefined;
    });
    // The broken one counts as open until it has rested.
    sandbox.set({ scrollIdleSeconds: 0 });
    const result = await sync.run(only);
    expect(result).toMatchObject({ status: 'complete', incomplete: [] });
    expect((await state())?.stored).toBe(listed());
    expect(
      (
        await store.read('exportObjects', {
          workspaceId: await workspace(),
          entity: 'companies',
          limit: 999,
          deleted: true,
        })
      ).filter(({ deletedAt }) => deletedAt !== null),
    ).toEqual([]);
  });

  it('that nobody lists any more are kept, one bad one stops nothing, and is named', async () => {
    await begin(130);
    await sync.run(only);
    const [first, second] = sandbox
      .objects('companies')
      .objects.filter(({ user_count: users }) => Number(users) > 0);
    const ids = [String(first?.id), String(second?.id)];
    for (const id of ids) sandbox.mutate.setCompany(id, { user_count: 0 });
    sandbox.setFaults(({ path }) =>
      path === `/companies/${ids[0]}` ? { kind: 'status', status: 500, code: 'server_error' } : undefined,
    );
    const result = await sync.run(only);
    expect(result.incomplete).toEqual([{ entity: 'companies', id: ids[0], code: 'INTERCOM_SERVER_ERROR' }]);
    sandbox.setFaults(undefined);
    expect(await sync.run(only)).toMatchObject({ status: 'complete', incomplete: [] });
    const unlisted = (
      await store.read('exportObjects', {
        workspaceId: await workspace(),
        entity: 'companies',
        limit: 999,
        deleted: true,
      })
    ).filter((company) => company.listed === false);
    expect(unlisted.map(({ deletedAt, key }) => [key, deletedAt])).toEqual(
      ids.toSorted().map((id) => [id, null]),
    );
  });
});

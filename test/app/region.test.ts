import { afterEach, beforeEach, expect, it } from 'vitest';
import { openApp } from '../../src/app/open-app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { describeEngines, type TestPlace } from '../contract/engines.ts';

/** TRAPS T53, from the settings to the database: real servers stand in the place of Intercom's hosts. */
describeEngines('T53: the region of a workspace that no setting names', (create) => {
  let place: TestPlace;
  let cleanup: AsyncDisposableStack;
  beforeEach(async () => {
    place = await create();
    cleanup = new AsyncDisposableStack();
  });
  afterEach(async () => {
    await cleanup.disposeAsync();
    await place.drop();
  });

  it('is found once, stored, and where the next process begins', async () => {
    const world = await createWorld({ seed: 3, conversations: 5 });
    const there = { ...world, workspace: { ...world.workspace, region: 'EU' as const } };
    const start = async (own: typeof world) => {
      const sandbox = await startSandbox({ world: own });
      cleanup.defer(() => sandbox.close());
      return sandbox;
    };
    const [us, eu, au] = [await start(world), await start(there), await start(world)];
    for (const wrong of [us, au])
      wrong.setFaults(() => ({ kind: 'status', status: 401, code: 'unauthorized' }));
    const hosts = { us: us.url, eu: eu.url, au: au.url };
    const totals = () => [us, eu, au].map((sandbox) => sandbox.requests().total);
    const config = loadConfig({
      command: 'sync',
      flags: {},
      machine: {
        platform: 'linux',
        homeDir: '/nowhere',
        env: { INTERCOM_ACCESS_TOKEN_FAR: 'token', DATABASE_URL: place.url },
      },
      readFile: () => '',
    });
    const sync = async () => {
      await using app = await openApp({ config, logger: silentLogger, use: 'sync', hosts });
      const [member] = app.sync?.members ?? [];
      return await member?.sync?.run();
    };
    expect(await sync()).toMatchObject({ status: 'complete' });
    const [usFirst, euFirst = 0, auFirst] = totals();
    expect([usFirst, auFirst]).toEqual([1, 1]);
    expect(euFirst).toBeGreaterThan(5);
    const store = await place.open();
    expect(await store.read('findWorkspace', { alias: 'far' })).toMatchObject({
      id: 'sandbox3',
      region: 'EU',
    });
    expect(await sync()).toMatchObject({ status: 'complete' });
    const [usThen, euThen, auThen] = totals();
    expect([usThen, auThen]).toEqual([1, 1]);
    expect(euThen).toBeGreaterThan(euFirst);
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIntercomClient } from '../../src/intercom/client.ts';
import { createSyncService } from '../../src/sync/create-sync-service.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { type SandboxProcess, startSandboxProcess } from '../support/cli.ts';
import { mutate, requestCounts } from '../support/sandbox-control.ts';
import { describeEngines, type TestPlace } from './engines.ts';

const CONVERSATIONS = 320;

describeEngines('the background looks again at what is mirrored', (create) => {
  let sandbox: SandboxProcess;
  let place: TestPlace;

  beforeEach(async () => {
    sandbox = await startSandboxProcess(['--conversations', String(CONVERSATIONS), '--seed', '5']);
    place = await create();
  });
  afterEach(async () => {
    await sandbox.stop();
    await place.drop();
  });

  it('and finds silent changes and ghosts by itself, with search pages', async () => {
    const store = await place.open();
    const client = createIntercomClient({
      baseUrl: sandbox.url,
      token: 'sandbox',
      version: '2.15',
      logger: silentLogger,
    });
    const service = createSyncService({
      store,
      client,
      alias: 'default',
      logger: silentLogger,
      lookAgainScale: 0,
      confirmAfterMs: 0,
    });
    await service.run({ only: ['conversations', 'tickets'] });
    const { byEndpoint } = await requestCounts(sandbox.url);
    const export1 = await store.read('exportPage', { workspaceId: 'sandbox5', limit: 400, deleted: false });
    const [silent, ghost] = export1.slice(30).map((row) => row.id);
    await mutate(sandbox.url, 'set', silent, { title: 'Silently renamed' }, false);
    await mutate(sandbox.url, 'delete', ghost);
    const mended = Promise.withResolvers<void>();
    const check = async (): Promise<void> => {
      const now = await store.read('exportPage', { workspaceId: 'sandbox5', limit: 400, deleted: false });
      const changed = now.some(
        (row) => row.id === silent && (row.head ?? row.payload).includes('Silently renamed'),
      );
      if (changed && !now.some((row) => row.id === ghost)) mended.resolve();
    };
    // 5 % of 10,000 calls a minute: some 12 pages a poll.
    service.start({ pollMs: 1_500, only: ['conversations'], onResult: check });
    await mended.promise;
    await service.stop();
    await client.close();
    const after = (await requestCounts(sandbox.url)).byEndpoint;
    const threads = (counts: Readonly<Record<string, number>>): number =>
      counts['GET /conversations/{id}'] ?? 0;
    expect(threads(after) - threads(byEndpoint)).toBeLessThan(10);
  });
});

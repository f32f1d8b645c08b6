import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Store } from '../../src/data/store.ts';
import { createIntercomClient } from '../../src/intercom/client.ts';
import { startSandbox } from '../../src/sandbox/start-sandbox.ts';
import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { openStore } from '../../src/storage/open-store.ts';
import { createSyncService } from '../../src/sync/create-sync-service.ts';
import type { SyncResult } from '../../src/sync/types.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { createTempDir } from '../support/temp-dir.ts';

/** Longer than a list of few contacts takes. */
const LATE_MS = 1_000;

it('a server asks who is in a segment in its first run, also where the database is slow to say whether segments are due', async () => {
  await using undo = new AsyncDisposableStack();
  const dir = await createTempDir();
  undo.defer(() => dir.remove());
  const sandbox = await startSandbox({ world: await createWorld({ seed: 3, conversations: 4 }), port: 0 });
  undo.defer(() => sandbox.close());
  const url = `sqlite:${join(dir.path, 'mirror.db')}`;
  const store = await openStore({ url, mode: 'readWrite', logger: silentLogger });
  undo.defer(() => store.close());
  const read: Store['read'] = async (name, args, options) => {
    if (name === 'readSyncPlan' && 'entity' in args && args.entity === 'segments') await sleep(LATE_MS);
    return store.read(name, args, options);
  };
  const client = createIntercomClient({
    baseUrl: sandbox.url,
    token: 'sandbox',
    version: '2.15',
    logger: silentLogger,
  });
  undo.defer(() => client.close());
  const slow: Store = {
    engine: store.engine,
    schemaVersion: store.schemaVersion,
    read,
    write: (name, args) => store.write(name, args),
    scrub: () => store.scrub(),
    close: () => store.close(),
  };
  const sync = createSyncService({ store: slow, client, alias: 'default', logger: silentLogger });
  undo.defer(() => sync.stop());
  const { promise, resolve } = Promise.withResolvers<SyncResult>();
  sync.start({ pollMs: 3_600_000, only: ['segments', 'contacts'], onResult: resolve });
  expect(await promise).toMatchObject({ status: 'complete' });
  expect(sandbox.requests().byEndpoint['POST /contacts/search']).toBeGreaterThan(0);
});

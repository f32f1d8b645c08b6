import type { ScanKind } from '../data/writes/scans.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import { listWindows, openScan } from './search-scan.ts';
import { TICKETS } from './ticket-source.ts';

/**
 * Mirrors tickets: all of them the first time and when asked to, then those that changed. A search gives them whole, so
 * that nothing is fetched behind it (API-FACTS 5.2).
 */
export const syncTickets = async (run: RunContext, full: boolean): Promise<void> => {
  const { workspaceId } = run.fence;
  const plan = await run.store.read('readSyncPlan', { workspaceId, entity: 'tickets', kind: 'backfill' });
  if (full || !plan.backfilled || plan.scan !== null) await scanOnce(run, 'backfill');
  await scanOnce(run, 'poll');
};

const scanOnce = async (run: RunContext, kind: ScanKind): Promise<void> => {
  const { client, fence, store } = run;
  const scan = await openScan(run, TICKETS, kind);
  await listWindows(run, TICKETS, scan, () => undefined);
  await store.write('finishScan', {
    fence,
    entity: 'tickets',
    kind,
    watermark: scan.startedAt,
    completedAt: serverSeconds(client),
  });
};

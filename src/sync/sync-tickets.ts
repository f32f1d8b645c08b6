import { lookAgain } from './look-again.ts';
import type { RunContext } from './run-context.ts';
import { runScan } from './run-scan.ts';
import { TICKETS } from './ticket-source.ts';

/**
 * Mirrors tickets: all of them the first time and when asked to, then those that changed. A search gives them whole, so
 * that nothing is fetched behind it (API-FACTS 5.2).
 */
export const syncTickets = async (run: RunContext, full: boolean): Promise<void> => {
  const { workspaceId } = run.fence;
  const plan = await run.store.read('readSyncPlan', { workspaceId, entity: 'tickets', kind: 'backfill' });
  if (full || !plan.backfilled || plan.scan !== null) await runScan(run, TICKETS, 'backfill');
  await runScan(run, TICKETS, 'poll');
  if (run.verify) await runScan(run, TICKETS, 'verify');
  else await lookAgain(run, TICKETS);
};

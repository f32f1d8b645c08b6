import { listWindows, openScan } from './conversation-scan.ts';
import { Hydrator } from './hydrate.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

const ENTITY = 'conversations';

/**
 * Mirrors conversations: lists what is new or changed, and fetches threads behind the listing. The watermark moves to
 * the start of the scan, and only when every window and every thread of it is done (TRAPS I4).
 * After a backfill an incremental scan follows, for what changed while it ran.
 */
export const syncConversations = async (run: RunContext, full: boolean): Promise<void> => {
  const { report } = run;
  await run.store.write('unparkQueue', { fence: run.fence });
  const backfilled = await oneScan(run, full);
  if (backfilled && report.incomplete.length === 0) await oneScan(run, false);
  const result = report.entity(ENTITY);
  result.failed += report.incomplete.filter((item) => item.entity === ENTITY).length;
};

/** @returns true when it was a backfill that ended */
const oneScan = async (run: RunContext, full: boolean): Promise<boolean> => {
  const { store, client, fence, tuning, report } = run;
  const scan = await openScan(run, full);
  const hydrator = new Hydrator(run);
  const listing = listWindows(run, scan, (count) => hydrator.notify(count)).then(
    () => hydrator.listingDone(),
    (error: unknown) => {
      hydrator.abort(error);
      throw error;
    },
  );
  const [listed, drained] = await Promise.allSettled([listing, hydrator.drain()]);
  if (listed.status === 'rejected') throw listed.reason;
  if (drained.status === 'rejected') throw drained.reason;
  const { failed } = await store.read('readQueueState', {
    workspaceId: fence.workspaceId,
    maxAttempts: tuning.maxAttempts,
  });
  report.incomplete.push(...failed.map(({ id, code }) => ({ entity: ENTITY, id, code })));
  if (failed.length > 0) return false;
  await store.write('finishScan', {
    fence,
    entity: ENTITY,
    watermark: scan.startedAt,
    completedAt: serverSeconds(client),
  });
  return scan.field === 'created_at';
};

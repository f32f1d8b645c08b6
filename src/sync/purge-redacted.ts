import { isAppError } from '../errors/app-error.ts';
import { type RunContext, serverSeconds } from './run-context.ts';

/** The lease while the files are written anew, which may take long and keeps every other write waiting. */
const SCRUB_LEASE_MS = 600_000;
/** In the background the files are not written anew more often than this, seconds. */
const SCRUB_REST_SECONDS = 900;
/** The row of `sync_states` that says when they were. */
const STATE = 'purges';

/**
 * Wipes what was taken back (API-FACTS 7.6, TRAPS T37): the rows were replaced when the change came, here the index and
 * the bytes of the files follow. What has to wait for the next run is reported.
 */
export const purgeRedacted = async (run: RunContext): Promise<void> => {
  const { client, fence, logger, store, tuning } = run;
  const { epoch, workspaceId } = fence;
  const purges = await store.read('listPurges', { workspaceId });
  if (purges.length === 0) return;
  const docIds = purges.map(({ docId }) => docId);
  while (await store.write('purgeSearchIndex', { fence, docIds })) run.signal.throwIfAborted();
  const plan = await store.read('readSyncPlan', { workspaceId, entity: STATE, kind: 'poll' });
  const rest = serverSeconds(client) - (plan.completedAt ?? 0);
  if (run.pollMs !== undefined && rest < SCRUB_REST_SECONDS) return;
  await store.write('renewLease', { workspaceId, epoch, ttlMs: SCRUB_LEASE_MS });
  const problem = await scrub(run);
  await store.write('renewLease', { workspaceId, epoch, ttlMs: tuning.leaseMs });
  if (problem !== undefined) {
    logger.warn({ code: problem }, 'redacted texts could not be wiped out of the database files yet');
    run.report.unfinished = true;
    run.report.incomplete.push({ entity: STATE, id: '*', code: problem });
    return;
  }
  await store.write('finishPurge', { fence, purges });
  const now = serverSeconds(client);
  await store.write('finishScan', { fence, entity: STATE, kind: 'poll', watermark: now, completedAt: now });
};

/** @returns the code of what was in the way, if something was */
const scrub = async ({ store }: RunContext): Promise<string | undefined> => {
  try {
    return (await store.scrub()) ? undefined : 'STORE_BUSY';
  } catch (error) {
    if (isAppError(error, 'STORE_BUSY') || isAppError(error, 'STORE_FULL')) return error.code;
    throw error;
  }
};

import { isAppError } from '../errors/app-error.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import { hasWoken } from './woken-objects.ts';

/** The lease while the files are written anew, which may take long and keeps every other write waiting. */
const SCRUB_LEASE_MS = 600_000;
/**
 * In the background the files rest so many times as long as it took to write them anew the last time, and 15 minutes at
 * most: small ones are wiped at once, large ones are not written all the time.
 */
const REST_FACTOR = 10;
const MAX_REST_SECONDS = 900;
/** The row of `sync_states` that says when that began and ended the last time. */
const STATE = 'purges';

/**
 * Wipes what was taken back (API-FACTS 7.6, TRAPS T37): the rows were replaced when the change came, here the index and
 * the bytes of the files follow. What has to wait for the next run is reported.
 */
export const purgeRedacted = async (run: RunContext): Promise<void> => {
  const code = await purge(run);
  if (code === undefined) return;
  run.report.unfinished = true;
  run.report.incomplete.push({ entity: STATE, id: '*', code });
};

/**
 * The same between two runs, so that what a webhook told is wiped without a poll; not while something that was announced
 * waits, which goes first.
 */
export const purgeWhenQuiet = async (run: RunContext): Promise<void> => {
  const { workspaceId } = run.fence;
  const purges = await run.store.read('listPurges', { workspaceId });
  if (purges.length === 0 || (await hasWoken(run))) return;
  await purge(run);
};

/** @returns the code of what was in the way, if something was */
const purge = async (run: RunContext): Promise<string | undefined> => {
  const { client, fence, logger, store, tuning } = run;
  const { epoch, workspaceId } = fence;
  const purges = await store.read('listPurges', { workspaceId });
  if (purges.length === 0 || !(await isRested(run))) return undefined;
  const begun = serverSeconds(client);
  const docIds = purges.map(({ docId }) => docId);
  while (await store.write('purgeSearchIndex', { fence, docIds })) run.signal.throwIfAborted();
  await store.write('renewLease', { workspaceId, epoch, ttlMs: SCRUB_LEASE_MS });
  const problem = await scrub(run);
  await store.write('renewLease', { workspaceId, epoch, ttlMs: tuning.leaseMs });
  if (problem === undefined) await store.write('finishPurge', { fence, purges });
  else logger.warn({ code: problem }, 'redacted texts could not be wiped out of the database files yet');
  const completedAt = serverSeconds(client);
  await store.write('finishScan', { fence, entity: STATE, kind: 'poll', watermark: begun, completedAt });
  return problem;
};

/** What a person asks for is done at once. */
const isRested = async ({ client, fence, pollMs, store }: RunContext): Promise<boolean> => {
  if (pollMs === undefined) return true;
  const { workspaceId } = fence;
  const last = await store.read('readSyncPlan', { workspaceId, entity: STATE, kind: 'poll' });
  if (last.completedAt === null) return true;
  const took = 1 + last.completedAt - (last.watermark ?? last.completedAt);
  const rest = Math.min(MAX_REST_SECONDS, REST_FACTOR * took);
  return serverSeconds(client) - last.completedAt >= rest;
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

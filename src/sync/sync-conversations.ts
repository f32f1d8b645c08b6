import { setTimeout as sleep } from 'node:timers/promises';
import type { ScanKind } from '../data/scan-kinds.ts';
import { askForEvaluations } from './ask-evaluations.ts';
import { conversationSource } from './conversation-source.ts';
import { lookAgain } from './look-again.ts';
import { NOT_PERMITTED } from './not-permitted.ts';
import { obeyWakes } from './obey-wakes.ts';
import type { RunContext } from './run-context.ts';
import { runScan } from './run-scan.ts';
import { syncDeletions } from './sync-deletions.ts';
import { ThreadFetcher } from './thread-fetcher.ts';

const ENTITY = 'conversations';

/** What lists and what fetches, in one run. */
interface Work {
  readonly run: RunContext;
  readonly source: ReturnType<typeof conversationSource>;
  readonly fetcher: ThreadFetcher;
}

export interface ListOptions {
  /** Everything again. */
  readonly full: boolean;
  /** Ends when it was asked what the token may read; until then nothing may be listed. Never rejects. */
  readonly allowed: Promise<void>;
  /** Hears that all conversations are listed, or were before. */
  readonly onListed: () => void;
}

/**
 * Mirrors conversations: lists what is new or changed, and fetches threads behind the listing. A scan ends when all of
 * it is listed; what it queued is durable, and says by itself up to when everything is in. So one bad thread holds back
 * nothing but itself.
 */
export const syncConversations = async (run: RunContext, options: ListOptions): Promise<void> => {
  const { fence, report, store } = run;
  const fetcher = new ThreadFetcher(run);
  const work: Work = { run, fetcher, source: conversationSource(await askForEvaluations(run)) };
  const drained = new AbortController();
  const draining = fetcher.drain().finally(() => drained.abort());
  // When a listing fails, what is queued already can still be had.
  const listing = list(work, options).finally(() => fetcher.listingDone());
  const polling = listing.then(() => pollWhile(work, drained.signal));
  const obeying = obeyWakes(run, fetcher, drained.signal);
  const [listed, fetched] = await Promise.allSettled([polling, draining, obeying]);
  if (fetched.status === 'rejected') throw fetched.reason;
  const queue = await store.read('readQueueState', {
    workspaceId: fence.workspaceId,
    entity: ENTITY,
    parkedFrom: 0,
  });
  report.incomplete.push(...queue.parked.map(({ id, code }) => ({ entity: ENTITY, id, code })));
  report.entity(ENTITY).failed += queue.parked.filter(({ code }) => !NOT_PERMITTED.has(code)).length;
  if (listed.status === 'rejected') throw listed.reason;
};

/** Everything first where it was never listed to its end; then what changed, also while that went on. */
const list = async (work: Work, options: ListOptions): Promise<void> => {
  const { fetcher, run, source } = work;
  const { allowed, full, onListed } = options;
  const readPlan = () =>
    run.store.read('readSyncPlan', { workspaceId: run.fence.workspaceId, entity: ENTITY, kind: 'backfill' });
  let plan = await readPlan();
  // A first list can be planned meanwhile; else it may turn out that all of it is to be listed again.
  if (plan.backfilled || plan.scan !== null) {
    await allowed;
    plan = await readPlan();
  }
  if (full || !plan.backfilled || plan.scan !== null) await backfill(work, allowed);
  onListed();
  await scanOnce(work, 'poll');
  if (run.verify) await scanOnce(work, 'verify');
  else await lookAgain(run, source, () => fetcher.wake());
};

const backfill = async (work: Work, allowed: Promise<void>): Promise<void> => {
  const { fetcher } = work;
  const listed = new AbortController();
  fetcher.besideListing(true);
  const scanning = scanOnce(work, 'backfill', allowed).finally(() => {
    fetcher.besideListing(false);
    listed.abort();
  });
  const outcomes = await Promise.allSettled([scanning, pollWhile(work, listed.signal)]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};

/** In the background, what changes while something long goes on is looked for as often as ever. */
const pollWhile = async (work: Work, until: AbortSignal): Promise<void> => {
  const { run } = work;
  const { pollMs } = run;
  if (pollMs === undefined) return;
  const ended = AbortSignal.any([until, run.signal]);
  for (;;) {
    await sleep(pollMs, undefined, { signal: ended, ref: false }).catch(() => undefined);
    if (ended.aborted) return;
    const workspaceId = run.fence.workspaceId;
    const plan = await run.store.read('readSyncPlan', { workspaceId, entity: ENTITY, kind: 'poll' });
    // Null while a backfill is still being planned: there is no time from which to look.
    if (plan.watermark !== null) await scanOnce(work, 'poll');
  }
};

const scanOnce = async (
  { fetcher, run, source }: Work,
  kind: ScanKind,
  beforeList?: Promise<void>,
): Promise<void> => {
  await runScan(run, source, kind, {
    ...(beforeList === undefined ? {} : { beforeList }),
    onQueued: () => fetcher.wake(),
    // The watermark says that every change is in, and a deletion is one.
    ...(kind === 'poll' ? { beforeEnd: () => syncDeletions(run) } : {}),
  });
};

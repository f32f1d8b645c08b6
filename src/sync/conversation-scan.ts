import { randomUUID } from 'node:crypto';
import type { PlannedScan } from '../data/reads/sync-plan.ts';
import type { PageOutcome } from '../data/writes/apply-conversation-page.ts';
import { PRIORITY } from '../data/writes/fetch-queue.ts';
import type { ScanKind } from '../data/writes/scans.ts';
import type { ConversationTimeField } from '../entities/conversation/endpoints.ts';
import { isAppError } from '../errors/app-error.ts';
import { CursorTrail } from './cursor-trail.ts';
import { PageSize } from './page-size.ts';
import { planWindows } from './plan-windows.ts';
import type { RunContext } from './run-context.ts';
import { fetchSearchPage, type SearchPage } from './search-page.ts';

const ENTITY = 'conversations';
/** A scan is cut into windows only when each would have this many pages. */
const PAGES_PER_WINDOW = 2;
/** A poll over more than this is planned like a backfill. */
const LONG_GAP_SECONDS = 86_400;
const PRIORITIES = { poll: PRIORITY.live, backfill: PRIORITY.backfill } as const;

type Window = PlannedScan['windows'][number];

/**
 * The scan to do now: the one of its kind that was interrupted, else a new one. A backfill lists by created_at from the
 * beginning, a poll by updated_at from a while before the watermark; both end at the server's time of their start.
 */
export const openScan = async (run: RunContext, kind: ScanKind): Promise<PlannedScan> => {
  const { store, fence, tuning } = run;
  const plan = await store.read('readSyncPlan', { workspaceId: fence.workspaceId, entity: ENTITY, kind });
  if (plan.scan !== null) return plan.scan;
  const { time: startedAt } = await run.askServer();
  const backfill = kind === 'backfill';
  const field: ConversationTimeField = backfill ? 'created_at' : 'updated_at';
  const since = backfill ? 0 : (plan.watermark ?? 0);
  const lower = Math.max(0, since - tuning.overlapSeconds);
  const long = backfill || startedAt - lower > LONG_GAP_SECONDS;
  const windows = long ? await planLongScan(run, field, lower, startedAt) : [{ lower, upper: startedAt }];
  const scanId = randomUUID();
  await store.write('startScan', { fence, entity: ENTITY, kind, scanId, field, startedAt, since, windows });
  return {
    scanId,
    kind,
    field,
    startedAt,
    since,
    windows: windows.map((window, windowNo) => ({ ...window, windowNo, nextCursor: null, done: false })),
  };
};

const planLongScan = async (run: RunContext, field: ConversationTimeField, lower: number, upper: number) => {
  const { client, tuning, signal, report } = run;
  const first = await fetchSearchPage(client, { field, lower, upper, perPage: 1 }, signal);
  const total = first.total ?? 0;
  report.total ??= total;
  const begin = first.conversations[0]?.times[field] ?? lower;
  const windows = Math.min(tuning.parallelWindows, Math.floor(total / (tuning.pageSize * PAGES_PER_WINDOW)));
  const count = async (span: { lower: number; upper: number }): Promise<number> =>
    (await fetchSearchPage(client, { field, ...span, perPage: 1 }, signal)).total ?? 0;
  const spans = await planWindows({ lower: begin, upper, total, windows, count });
  // The first window reaches back to the lower bound: what is imported with an older date while we plan is not missed.
  return spans.map((span, index) => (index === 0 ? { ...span, lower } : span));
};

/**
 * Lists all windows of a scan, several side by side. Each page is stored with the window's next cursor in one
 * transaction; `onQueued` hears that threads became due.
 */
export const listWindows = async (
  run: RunContext,
  scan: PlannedScan,
  onQueued: () => void,
): Promise<void> => {
  const waiting = scan.windows.filter((window) => !window.done);
  const size = new PageSize(run.tuning.pageSize);
  const failed = new AbortController();
  const worker = async (): Promise<void> => {
    for (let window = waiting.shift(); window !== undefined; window = waiting.shift()) {
      if (failed.signal.aborted) return;
      await listWindow({ run, scan, window, size, onQueued });
    }
  };
  const workers = Array.from({ length: run.tuning.parallelWindows }, () =>
    worker().catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  const failure = (await Promise.allSettled(workers)).find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
};

interface Listing {
  readonly run: RunContext;
  readonly scan: PlannedScan;
  readonly window: Window;
  readonly size: PageSize;
  readonly onQueued: () => void;
}

/** A cursor that was saved long ago may no longer be taken; the window is listed anew then, once. */
const listWindow = async (listing: Listing): Promise<void> => {
  const { run, scan, window } = listing;
  try {
    await followCursors(listing, window.nextCursor);
  } catch (error) {
    if (window.nextCursor === null || !isAppError(error, 'INTERCOM_BAD_REQUEST')) throw error;
    run.logger.warn({ window: window.windowNo, details: error.details }, 'a saved cursor was refused');
    const { windowNo } = window;
    await run.store.write('restartWindow', { fence: run.fence, scanId: scan.scanId, windowNo });
    await followCursors(listing, null);
  }
};

const followCursors = async (listing: Listing, start: string | null): Promise<void> => {
  const { run, scan, window } = listing;
  const trail = new CursorTrail(start);
  for (;;) {
    const page = await fetchPage(listing, trail.cursor);
    const next = trail.follow(
      page.pages,
      page.conversations.map((item) => item.columns.id),
    );
    const step = { scanId: scan.scanId, windowNo: window.windowNo, nextCursor: next };
    const outcome = await run.store.write('applyConversationPage', {
      fence: run.fence,
      step,
      conversations: page.conversations,
      fetchedAt: page.serverTime,
      priority: PRIORITIES[scan.kind],
      since: scan.since,
    });
    if (outcome.mergeDue) while (await run.store.write('mergeSearchIndex', { fence: run.fence }));
    tell(run, page, outcome);
    if (outcome.queued > 0) listing.onQueued();
    if (next === null) return;
  }
};

/** A page that does not come in time is asked for again in smaller pieces: large objects make slow pages (TRAPS T22). */
const fetchPage = async (
  { run, scan, size, window }: Listing,
  cursor: string | null,
): Promise<SearchPage> => {
  const { lower, upper } = window;
  for (;;) {
    const perPage = size.current;
    const search = {
      field: scan.field as ConversationTimeField,
      lower,
      upper,
      perPage,
      ...(cursor === null ? {} : { startingAfter: cursor }),
    };
    try {
      const page = await fetchSearchPage(run.client, search, run.signal);
      size.worked(perPage);
      return page;
    } catch (error) {
      if (!isAppError(error, 'INTERCOM_TIMEOUT') || !size.tooSlow(perPage)) throw error;
      run.logger.info({ per_page: size.current }, 'search pages come too slowly; asking for smaller ones');
    }
  }
};

const tell = (run: RunContext, page: SearchPage, outcome: PageOutcome): void => {
  const { report } = run;
  const result = report.entity(ENTITY);
  const listed = page.conversations.length;
  result.listed += listed;
  result.failed += page.unusable;
  result.changed += outcome.changed;
  report.known += listed;
  report.hydrated += listed - outcome.queued;
  report.tell();
};

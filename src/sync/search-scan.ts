import { randomUUID } from 'node:crypto';
import type { PlannedScan } from '../data/reads/sync-plan.ts';
import type { Comparison } from '../data/writes/compare-window.ts';
import type { ScanKind } from '../data/scan-kinds.ts';
import type { WindowStep } from '../data/writes/scans.ts';
import { isAppError } from '../errors/app-error.ts';
import type { SearchTimeField } from '../lib/window-search.ts';
import { CursorTrail } from './cursor-trail.ts';
import { askSized, PageSize } from './page-size.ts';
import type { PageBudget } from './page-budget.ts';
import { monthWindows, planWindows, type Span } from './plan-windows.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import { fetchSearchPage, type SearchEndpoint, type SearchItem, type SearchPage } from './search-page.ts';
import { WindowComparison } from './window-comparison.ts';

/** A scan is cut into windows only when each would have this many pages. */
const PAGES_PER_WINDOW = 2;
/** A poll over more than this is planned like a backfill. */
const LONG_GAP_SECONDS = 86_400;

type Window = PlannedScan['windows'][number];

/** How scans of each kind list: by which time, and whether windows are months that are compared with what is stored. */
const KINDS: Readonly<
  Record<ScanKind, { readonly field: SearchTimeField; readonly months?: true; readonly open?: true }>
> = {
  backfill: { field: 'created_at' },
  poll: { field: 'updated_at' },
  recheck: { field: 'updated_at' },
  open: { field: 'created_at', open: true },
  sweep: { field: 'created_at', months: true },
  verify: { field: 'created_at', months: true },
};
/** A recheck looks at what changed within this time, seconds: ratings, SLA and metrics come late (API-FACTS 13.5). */
const RECHECKED_SECONDS = 72 * 3_600;

/** What a page did. */
interface Stored {
  /** Objects that were new or whose fields changed. */
  readonly changed: number;
  /** Objects that must be fetched by themselves now. */
  readonly queued: number;
}

/** An entity that is listed by searches over time: conversations and tickets (API-FACTS 5). */
export interface SearchSource<Item extends SearchItem> {
  readonly entity: 'conversations' | 'tickets';
  readonly endpoint: SearchEndpoint<Item>;
  /** Stores a page, and with it where its window stands then. */
  readonly store: (
    at: { readonly run: RunContext; readonly scan: PlannedScan },
    step: WindowStep,
    page: SearchPage<Item>,
    comparison?: Comparison,
  ) => Promise<Stored>;
  /** Windows that are listed side by side, where it is fewer than all. */
  readonly parallelWindows?: number;
  /** Hears how many objects a long scan will list. */
  readonly onTotal?: (run: RunContext, total: number) => void;
}

/**
 * The scan to do now: the one of its kind that was interrupted, else a new one. A backfill lists by created_at from the
 * beginning, a poll by updated_at from a while before the watermark; both end at the server's time of their start. It is
 * planned while `beforeList` goes on.
 */
export const openScan = async <Item extends SearchItem>(
  run: RunContext,
  source: SearchSource<Item>,
  kind: ScanKind,
  beforeList?: Promise<void>,
): Promise<PlannedScan> => {
  const { store, fence, tuning } = run;
  const { entity } = source;
  const plan = await store.read('readSyncPlan', { workspaceId: fence.workspaceId, entity, kind });
  if (plan.scan !== null) {
    await beforeList;
    return plan.scan;
  }
  const { field } = KINDS[kind];
  const since = kind === 'poll' ? (plan.watermark ?? 0) : 0;
  const planUpTo = (time: number) =>
    planScan(run, source, kind, { since, startedAt: time, overlap: tuning.overlapSeconds });
  const { startedAt, windows } = await (kind === 'backfill'
    ? planMeanwhile(run, planUpTo)
    : planNow(run, planUpTo));
  await beforeList;
  const scanId = randomUUID();
  await store.write('startScan', { fence, entity, kind, scanId, field, startedAt, since, windows });
  return {
    scanId,
    kind,
    field,
    startedAt,
    since,
    windows: windows.map((window, windowNo) => ({ ...window, windowNo, nextCursor: null, done: false })),
  };
};

interface Plan {
  /** Server time, Unix seconds. */
  readonly startedAt: number;
  readonly windows: readonly Span[];
}

type PlanUpTo = (time: number) => Promise<readonly Span[]>;

const planNow = async (run: RunContext, planUpTo: PlanUpTo): Promise<Plan> => {
  const { time: startedAt } = await run.askServer();
  return { startedAt, windows: await planUpTo(startedAt) };
};

/** Plans while the server is asked for its time; what has come since belongs to the last window. */
const planMeanwhile = async (run: RunContext, planUpTo: PlanUpTo): Promise<Plan> => {
  const [{ time: startedAt }, planned] = await Promise.all([
    run.askServer(),
    planUpTo(serverSeconds(run.client)),
  ]);
  const windows = planned.map((window, index) =>
    index === planned.length - 1 ? { ...window, upper: Math.max(window.lower, startedAt) } : window,
  );
  return { startedAt, windows };
};

const planScan = async <Item extends SearchItem>(
  run: RunContext,
  source: SearchSource<Item>,
  kind: ScanKind,
  times: { readonly since: number; readonly startedAt: number; readonly overlap: number },
): Promise<readonly Span[]> => {
  const upper = times.startedAt;
  const { field, months } = KINDS[kind];
  if (months) return monthWindows(await oldestTime(run, source), upper);
  if (kind === 'recheck') return [{ lower: Math.max(0, upper - RECHECKED_SECONDS), upper }];
  const lower = Math.max(0, times.since - times.overlap);
  const long = kind === 'backfill' || (kind === 'poll' && upper - lower > LONG_GAP_SECONDS);
  return long ? planLongScan(run, source, { field, lower, upper }) : [{ lower, upper }];
};

/** created_at of the oldest object; undefined when there is none. */
const oldestTime = async <Item extends SearchItem>(
  { client, signal }: RunContext,
  { endpoint }: SearchSource<Item>,
): Promise<number | undefined> => {
  const upper = serverSeconds(client);
  const search = { field: 'created_at', lower: 0, upper, perPage: 1 } as const;
  return (await fetchSearchPage(client, endpoint, search, signal)).items[0]?.times.created_at ?? undefined;
};

const windowsAtOnce = <Item extends SearchItem>(run: RunContext, source: SearchSource<Item>): number =>
  source.parallelWindows ?? run.tuning.parallelWindows;

const planLongScan = async <Item extends SearchItem>(
  run: RunContext,
  source: SearchSource<Item>,
  whole: { readonly field: SearchTimeField; readonly lower: number; readonly upper: number },
) => {
  const { client, tuning, signal } = run;
  const { endpoint, onTotal } = source;
  const { field, lower, upper } = whole;
  const first = await fetchSearchPage(client, endpoint, { ...whole, perPage: 1 }, signal);
  const total = first.total ?? 0;
  onTotal?.(run, total);
  const begin = first.items[0]?.times[field] ?? lower;
  const windows = Math.min(
    windowsAtOnce(run, source),
    Math.floor(total / (tuning.pageSize * PAGES_PER_WINDOW)),
  );
  const count = async (span: { lower: number; upper: number }): Promise<number> =>
    (await fetchSearchPage(client, endpoint, { field, ...span, perPage: 1 }, signal)).total ?? 0;
  const spans = await planWindows({ lower: begin, upper, total, windows, count });
  // The first window reaches back to the lower bound: what is imported with an older date while we plan is not missed.
  return spans.map((span, index) => (index === 0 ? { ...span, lower } : span));
};

export interface ListingOptions {
  /** Hears that objects must be fetched by themselves. */
  readonly onQueued?: () => void;
  /** Pages that may be asked for now; without it all of them, several windows side by side. */
  readonly budget?: PageBudget;
}

/**
 * Lists the windows of a scan. Each page is stored with the window's next cursor in one transaction.
 * @returns false when the budget was used up before the end: the scan goes on with the next run
 */
export const listWindows = async <Item extends SearchItem>(
  run: RunContext,
  source: SearchSource<Item>,
  scan: PlannedScan,
  options: ListingOptions = {},
): Promise<boolean> => {
  const waiting = scan.windows.filter((window) => !window.done);
  const size = new PageSize(run.tuning.pageSize);
  const failed = new AbortController();
  let complete = true;
  const worker = async (): Promise<void> => {
    for (let window = waiting.shift(); window !== undefined; window = waiting.shift()) {
      if (failed.signal.aborted) return;
      if (await listWindow({ run, source, scan, window, size, ...options })) continue;
      complete = false;
      return;
    }
  };
  const parallel = options.budget === undefined ? windowsAtOnce(run, source) : 1;
  const workers = Array.from({ length: parallel }, () =>
    worker().catch((error: unknown) => {
      failed.abort();
      throw error;
    }),
  );
  const failure = (await Promise.allSettled(workers)).find((outcome) => outcome.status === 'rejected');
  if (failure) throw failure.reason;
  return complete;
};

interface Listing<Item extends SearchItem> extends ListingOptions {
  readonly run: RunContext;
  readonly source: SearchSource<Item>;
  readonly scan: PlannedScan;
  readonly window: Window;
  readonly size: PageSize;
}

/** A cursor that was saved long ago may no longer be taken; the window is listed anew then, once. */
const listWindow = async <Item extends SearchItem>(listing: Listing<Item>): Promise<boolean> => {
  const { run, scan, window } = listing;
  try {
    return await followCursors(listing, window.nextCursor);
  } catch (error) {
    if (window.nextCursor === null || !isAppError(error, 'INTERCOM_BAD_REQUEST')) throw error;
    run.logger.warn({ window: window.windowNo, details: error.details }, 'a saved cursor was refused');
    const { windowNo } = window;
    await run.store.write('restartWindow', { fence: run.fence, scanId: scan.scanId, windowNo });
    return followCursors(listing, null);
  }
};

const followCursors = async <Item extends SearchItem>(
  listing: Listing<Item>,
  start: string | null,
): Promise<boolean> => {
  const { run, scan, source, window } = listing;
  const trail = new CursorTrail(start);
  const comparing = KINDS[scan.kind].months
    ? new WindowComparison(window, start === null, scan.startedAt - run.tuning.overlapSeconds)
    : undefined;
  const ask = (cursor: string | null): Promise<SearchPage<Item>> | undefined =>
    listing.budget?.take() === false ? undefined : fetchPage(listing, cursor);
  for (let coming = ask(start); coming !== undefined; ) {
    const page = await coming;
    const next = trail.follow(
      page.pages,
      page.items.map((item) => item.columns.id),
    );
    // It is on its way while this one is stored; should that fail, nobody hears of it.
    coming = next === null ? undefined : ask(next);
    coming?.catch(() => undefined);
    const step = { scanId: scan.scanId, windowNo: window.windowNo, nextCursor: next };
    const outcome = await source.store({ run, scan }, step, page, comparing?.add(page.items, next === null));
    const result = run.report.entity(source.entity);
    result.listed += page.items.length;
    result.changed += outcome.changed;
    run.report.unusable(source.entity, page.unusable);
    run.report.tell();
    if (outcome.queued > 0) listing.onQueued?.();
    if (next === null) return true;
  }
  return false;
};

const fetchPage = <Item extends SearchItem>(
  { run, scan, size, source, window }: Listing<Item>,
  cursor: string | null,
): Promise<SearchPage<Item>> => {
  const { lower, upper } = window;
  const search = {
    field: scan.field as SearchTimeField,
    lower,
    upper,
    ...(KINDS[scan.kind].open ? { open: true } : {}),
    ...(cursor === null ? {} : { startingAfter: cursor }),
  };
  return askSized(size, run.logger, (perPage) =>
    fetchSearchPage(run.client, source.endpoint, { ...search, perPage }, run.signal),
  );
};

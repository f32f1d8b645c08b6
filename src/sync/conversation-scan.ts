import { randomUUID } from 'node:crypto';
import type { PlannedScan } from '../data/reads/sync-plan.ts';
import type { ConversationTimeField } from '../entities/conversation/endpoints.ts';
import { cursorOf } from './cursor-of.ts';
import { planWindows } from './plan-windows.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import { fetchSearchPage } from './search-page.ts';

const ENTITY = 'conversations';
/** A scan is cut into windows only when each would have this many pages. */
const PAGES_PER_WINDOW = 2;
/** An incremental scan over more than this is planned like a backfill. */
const LONG_GAP_SECONDS = 86_400;

/** The scan to do now: the one that was interrupted, else a new one from the watermark, else everything. */
export const openScan = async (run: RunContext, full: boolean): Promise<PlannedScan> => {
  const { store, client, fence, tuning } = run;
  const plan = await store.read('readSyncPlan', { workspaceId: fence.workspaceId, entity: ENTITY });
  if (plan.scan !== null && !(full && plan.scan.field === 'updated_at')) return plan.scan;
  const startedAt = serverSeconds(client);
  const backfill = full || plan.watermark === null;
  const field: ConversationTimeField = backfill ? 'created_at' : 'updated_at';
  const lower = backfill ? 0 : (plan.watermark ?? 0) - tuning.overlapSeconds;
  const long = backfill || startedAt - lower > LONG_GAP_SECONDS;
  const windows = long ? await planLongScan(run, field, lower, startedAt) : [{ lower, upper: startedAt }];
  const scanId = randomUUID();
  await store.write('startScan', { fence, entity: ENTITY, scanId, field, startedAt, windows });
  return {
    scanId,
    field,
    startedAt,
    windows: windows.map((window, windowNo) => ({ ...window, windowNo, nextCursor: null, done: false })),
  };
};

const planLongScan = async (run: RunContext, field: ConversationTimeField, lower: number, upper: number) => {
  const { client, tuning, signal, report } = run;
  const first = await fetchSearchPage(client, { field, lower, upper, perPage: 1 }, signal);
  const total = first.total ?? 0;
  report.total ??= total;
  const begin = first.conversations[0]?.columns[field] ?? lower;
  const windows = Math.min(tuning.parallelWindows, Math.floor(total / (tuning.pageSize * PAGES_PER_WINDOW)));
  const count = async (span: { lower: number; upper: number }): Promise<number> =>
    (await fetchSearchPage(client, { field, ...span, perPage: 1 }, signal)).total ?? 0;
  const spans = await planWindows({ lower: begin, upper, total, windows, count });
  // The first window reaches back to the lower bound: what is imported with an older date while we plan is not missed.
  return spans.map((span, index) => (index === 0 ? { ...span, lower } : span));
};

/**
 * Lists all windows of a scan, several side by side. Each page is stored with the window's next cursor in one
 * transaction; `onQueued` hears how many threads became due.
 */
export const listWindows = async (
  run: RunContext,
  scan: PlannedScan,
  onQueued: (count: number) => void,
): Promise<void> => {
  const waiting = scan.windows.filter((window) => !window.done);
  const worker = async (): Promise<void> => {
    for (let window = waiting.shift(); window !== undefined; window = waiting.shift()) {
      await listWindow(run, scan, window, onQueued);
    }
  };
  await Promise.all(Array.from({ length: run.tuning.parallelWindows }, worker));
};

const listWindow = async (
  run: RunContext,
  scan: PlannedScan,
  window: PlannedScan['windows'][number],
  onQueued: (count: number) => void,
): Promise<void> => {
  const { client, store, fence, tuning, signal, report } = run;
  const result = report.entity(ENTITY);
  const { lower, upper, windowNo } = window;
  const field = scan.field as ConversationTimeField;
  for (let cursor = window.nextCursor, done = false; !done; ) {
    const page = await fetchSearchPage(
      client,
      {
        field,
        lower,
        upper,
        perPage: tuning.pageSize,
        ...(cursor === null ? {} : { startingAfter: cursor }),
      },
      signal,
    );
    const next = cursorOf(page.pages, cursor);
    const step = { scanId: scan.scanId, windowNo, nextCursor: next };
    const { conversations, serverTime: fetchedAt } = page;
    const outcome = await store.write('applyConversationPage', { fence, step, conversations, fetchedAt });
    if (outcome.mergeDue) while (await store.write('mergeSearchIndex', { fence }));
    result.listed += conversations.length;
    result.failed += page.unusable;
    result.changed += outcome.queued;
    report.known += conversations.length;
    report.hydrated += conversations.length - outcome.queued;
    report.tell();
    onQueued(outcome.queued);
    cursor = next;
    done = next === null;
  }
};

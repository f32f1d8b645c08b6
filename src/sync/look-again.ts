import { type ScanKind, stateOfScan } from '../data/scan-kinds.ts';
import { pageBudgetOf } from './page-budget.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import type { SearchItem } from './search-page.ts';
import { runScan } from './run-scan.ts';
import type { SearchSource } from './search-scan.ts';

/** Seconds between two looks of each kind. */
const EVERY: readonly (readonly [ScanKind, number])[] = [
  ['recheck', 3_600],
  ['open', 6 * 3_600],
  ['sweep', 86_400],
];

/**
 * Looks once more at what is mirrored already: ratings, SLA and metrics change without a newer updated_at, and what is
 * deleted may show nowhere (API-FACTS 5.1, TRAPS T40, T46). Search pages only, a few with each poll of the background.
 */
export const lookAgain = async <Item extends SearchItem>(
  run: RunContext,
  source: SearchSource<Item>,
  onQueued?: () => void,
): Promise<void> => {
  const { pollMs } = run;
  if (pollMs === undefined) return;
  const budget = pageBudgetOf(run, pollMs);
  const options = { budget, ...(onQueued === undefined ? {} : { onQueued }) };
  for (const [kind, seconds] of EVERY) {
    if (!(await isDue(run, source.entity, kind, seconds))) continue;
    if (!(await runScan(run, source, kind, options))) return;
  }
};

const isDue = async (
  { client, fence, store, tuning }: RunContext,
  entity: string,
  kind: ScanKind,
  seconds: number,
): Promise<boolean> => {
  const { workspaceId } = fence;
  const { scan } = await store.read('readSyncPlan', { workspaceId, entity, kind });
  if (scan !== null) return true;
  const own = await store.read('readSyncPlan', { workspaceId, entity: stateOfScan(entity, kind), kind });
  const whole = await store.read('readSyncPlan', { workspaceId, entity, kind: 'backfill' });
  // The first listing of everything was a look, too.
  const last = own.completedAt ?? whole.fullAt;
  return last !== null && serverSeconds(client) - last >= seconds * tuning.lookAgainScale;
};

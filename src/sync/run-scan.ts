import type { ScanKind } from '../data/scan-kinds.ts';
import { type RunContext, serverSeconds } from './run-context.ts';
import type { SearchItem } from './search-page.ts';
import { type ListingOptions, listWindows, openScan, type SearchSource } from './search-scan.ts';

interface ScanOptions extends ListingOptions {
  /** What must be over before anything is listed. */
  readonly beforeList?: Promise<void>;
  /** What must be done before the watermark may move. */
  readonly beforeEnd?: () => Promise<void>;
}

/** One whole scan, or as much of it as the budget gives. @returns false when something is left of it */
export const runScan = async <Item extends SearchItem>(
  run: RunContext,
  source: SearchSource<Item>,
  kind: ScanKind,
  options: ScanOptions = {},
): Promise<boolean> => {
  const scan = await openScan(run, source, kind, options.beforeList);
  if (!(await listWindows(run, source, scan, options))) return false;
  await options.beforeEnd?.();
  await run.store.write('finishScan', {
    fence: run.fence,
    entity: source.entity,
    kind,
    watermark: scan.startedAt,
    completedAt: serverSeconds(run.client),
  });
  return true;
};

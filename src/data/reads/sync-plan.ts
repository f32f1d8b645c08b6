import type { ReadContext } from '../context.ts';
import type { ScanField } from '../writes/scans.ts';

export interface PlannedScan {
  readonly scanId: string;
  readonly field: ScanField;
  /** Server time, Unix seconds. */
  readonly startedAt: number;
  readonly windows: readonly {
    readonly windowNo: number;
    readonly lower: number;
    readonly upper: number;
    readonly nextCursor: string | null;
    readonly done: boolean;
  }[];
}

export interface SyncPlan {
  readonly watermark: number | null;
  /** A scan that was begun and not ended: it is continued. */
  readonly scan: PlannedScan | null;
}

/** Where the sync of one entity stands. */
export const readSyncPlan = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly entity: string },
): Promise<SyncPlan> => {
  const state = await db
    .selectFrom('sync_states')
    .select('watermark')
    .where('workspace_id', '=', args.workspaceId)
    .where('entity', '=', args.entity)
    .executeTakeFirst();
  const scan = await db
    .selectFrom('sync_scans')
    .selectAll()
    .where('workspace_id', '=', args.workspaceId)
    .where('entity', '=', args.entity)
    .executeTakeFirst();
  if (scan === undefined) return { watermark: state?.watermark ?? null, scan: null };
  const windows = await db
    .selectFrom('sync_windows')
    .selectAll()
    .where('workspace_id', '=', args.workspaceId)
    .where('scan_id', '=', scan.scan_id)
    .orderBy('window_no')
    .execute();
  return {
    watermark: state?.watermark ?? null,
    scan: {
      scanId: scan.scan_id,
      field: scan.field as ScanField,
      startedAt: scan.started_at,
      windows: windows.map((window) => ({
        windowNo: window.window_no,
        lower: window.lower_bound,
        upper: window.upper_bound,
        nextCursor: window.next_cursor,
        done: window.done === 1,
      })),
    },
  };
};

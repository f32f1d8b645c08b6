import type { ReadContext } from '../context.ts';
import type { ScanKind } from '../scan-kinds.ts';
import type { ScanField } from '../writes/scans.ts';

export interface PlannedWindow {
  readonly windowNo: number;
  /** Inclusive, Unix seconds. */
  readonly lower: number;
  readonly upper: number;
  readonly nextCursor: string | null;
  readonly done: boolean;
}

export interface PlannedScan {
  readonly scanId: string;
  readonly kind: ScanKind;
  readonly field: ScanField;
  /** Server time, Unix seconds. */
  readonly startedAt: number;
  /** Everything older was in before this scan; 0 when nothing was. */
  readonly since: number;
  readonly windows: readonly PlannedWindow[];
}

export interface SyncPlan {
  readonly watermark: number | null;
  /** Everything was listed from the beginning. */
  readonly backfilled: boolean;
  /** End of the last listing, and of the last listing of everything; Unix seconds. */
  readonly completedAt: number | null;
  readonly fullAt: number | null;
  /** Why the last attempt failed; null when it did not. */
  readonly errorCode: string | null;
  /** A scan of this kind that was begun and not ended: it is continued. */
  readonly scan: PlannedScan | null;
}

/** Where the sync of one entity stands, and its scan of one kind. */
export const readSyncPlan = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly entity: string; readonly kind: ScanKind },
): Promise<SyncPlan> => {
  const { entity, kind, workspaceId } = args;
  const state = await db
    .selectFrom('sync_states')
    .select(['watermark', 'backfilled', 'completed_at', 'full_at', 'error_code'])
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .executeTakeFirst();
  const scan = await db
    .selectFrom('sync_scans')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('kind', '=', kind)
    .executeTakeFirst();
  const windows =
    scan === undefined
      ? []
      : await db
          .selectFrom('sync_windows')
          .selectAll()
          .where('workspace_id', '=', workspaceId)
          .where('scan_id', '=', scan.scan_id)
          .orderBy('window_no')
          .execute();
  return {
    watermark: state?.watermark ?? null,
    backfilled: state?.backfilled === 1,
    completedAt: state?.completed_at ?? null,
    fullAt: state?.full_at ?? null,
    errorCode: state?.error_code ?? null,
    scan:
      scan === undefined
        ? null
        : {
            scanId: scan.scan_id,
            kind,
            field: scan.field as ScanField,
            startedAt: scan.started_at,
            since: scan.since,
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

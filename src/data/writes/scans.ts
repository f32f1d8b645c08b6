import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';

/** How a scan lists its entity. */
export type ScanField = 'created_at' | 'updated_at' | 'list';

export interface StartScanArgs {
  readonly fence: Fence;
  readonly entity: string;
  readonly scanId: string;
  readonly field: ScanField;
  /** Server time, Unix seconds. */
  readonly startedAt: number;
  /** Inclusive bounds in Unix seconds. */
  readonly windows: readonly { readonly lower: number; readonly upper: number }[];
}

/** Writes the plan of a scan before its first page, so that a killed process can go on with it. */
export const startScan = async (context: WriteContext, args: StartScanArgs): Promise<void> => {
  const { db } = context;
  await assertFence(context, args.fence);
  const workspaceId = args.fence.workspaceId;
  await deleteScan(db, workspaceId, args.entity);
  await db
    .insertInto('sync_scans')
    .values({
      workspace_id: workspaceId,
      entity: args.entity,
      scan_id: args.scanId,
      field: args.field,
      started_at: args.startedAt,
    })
    .execute();
  await db
    .insertInto('sync_windows')
    .values(
      args.windows.map((window, index) => ({
        workspace_id: workspaceId,
        scan_id: args.scanId,
        window_no: index,
        lower_bound: window.lower,
        upper_bound: window.upper,
        next_cursor: null,
        done: 0,
      })),
    )
    .execute();
};

const deleteScan = async (db: WriteContext['db'], workspaceId: string, entity: string): Promise<void> => {
  await db
    .deleteFrom('sync_windows')
    .where('workspace_id', '=', workspaceId)
    .where('scan_id', 'in', (eb) =>
      eb
        .selectFrom('sync_scans')
        .select('scan_id')
        .where('workspace_id', '=', workspaceId)
        .where('entity', '=', entity),
    )
    .execute();
  await db
    .deleteFrom('sync_scans')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .execute();
};

/** Where a window stands after a page. */
export interface WindowStep {
  readonly scanId: string;
  readonly windowNo: number;
  /** Cursor of the next page, null when there is none: the window is done. */
  readonly nextCursor: string | null;
}

/** Moves a window on; called in the transaction that stores the page's rows. */
export const stepWindow = async (
  db: WriteContext['db'],
  workspaceId: string,
  step: WindowStep,
): Promise<void> => {
  await db
    .updateTable('sync_windows')
    .set({ next_cursor: step.nextCursor, done: step.nextCursor === null ? 1 : 0 })
    .where('workspace_id', '=', workspaceId)
    .where('scan_id', '=', step.scanId)
    .where('window_no', '=', step.windowNo)
    .execute();
};

export interface FinishScanArgs {
  readonly fence: Fence;
  readonly entity: string;
  /** Server time up to which every change is in: the start of the scan, never its newest row (TRAPS I4). */
  readonly watermark: number;
  /** Unix seconds. */
  readonly completedAt: number;
}

/** Ends a scan whose windows and queue are done: the watermark moves, the plan goes. */
export const finishScan = async (context: WriteContext, args: FinishScanArgs): Promise<void> => {
  const { db } = context;
  await assertFence(context, args.fence);
  const workspaceId = args.fence.workspaceId;
  await deleteScan(db, workspaceId, args.entity);
  const state = { watermark: args.watermark, completed_at: args.completedAt, error_code: null };
  await db
    .insertInto('sync_states')
    .values({ workspace_id: workspaceId, entity: args.entity, ...state })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'entity']).doUpdateSet(state))
    .execute();
};

/** Notes why an entity could not be synced; what is stored stays, and so does its watermark. */
export const failEntity = async (
  context: WriteContext,
  args: { readonly fence: Fence; readonly entity: string; readonly code: string },
): Promise<void> => {
  const { db } = context;
  await assertFence(context, args.fence);
  await db
    .insertInto('sync_states')
    .values({
      workspace_id: args.fence.workspaceId,
      entity: args.entity,
      watermark: null,
      completed_at: null,
      error_code: args.code,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'entity']).doUpdateSet({ error_code: args.code }),
    )
    .execute();
};

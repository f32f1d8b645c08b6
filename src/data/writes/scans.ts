import { sql } from 'kysely';
import { AppError } from '../../errors/app-error.ts';
import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { type ScanKind, stateOfScan } from '../scan-kinds.ts';
import { assertFence, type Fence } from './fence.ts';

/** How a scan lists its entity. */
export type ScanField = 'created_at' | 'updated_at' | 'list';

export interface StartScanArgs {
  readonly fence: Fence;
  readonly entity: string;
  readonly kind: ScanKind;
  readonly scanId: string;
  readonly field: ScanField;
  /** Server time, Unix seconds. */
  readonly startedAt: number;
  /** Everything older was in before this scan; 0 when nothing was. */
  readonly since: number;
  /** Inclusive bounds in Unix seconds. */
  readonly windows: readonly { readonly lower: number; readonly upper: number }[];
}

/**
 * Writes the plan of a scan before its first page, so that a killed process can go on with it. From the start of a
 * backfill on what changes is polled, too.
 */
export const startScan = async (context: WriteContext, args: StartScanArgs): Promise<void> => {
  const { db } = context;
  await assertFence(context, args.fence);
  const workspaceId = args.fence.workspaceId;
  await deleteScan(db, workspaceId, args.entity, args.kind);
  await db
    .insertInto('sync_scans')
    .values({
      workspace_id: workspaceId,
      entity: args.entity,
      kind: args.kind,
      scan_id: args.scanId,
      field: args.field,
      started_at: args.startedAt,
      since: args.since,
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
  if (args.kind === 'backfill' && args.field !== 'list') {
    await db
      .insertInto('sync_states')
      .values({
        workspace_id: workspaceId,
        entity: args.entity,
        watermark: args.startedAt,
        backfilled: 0,
        completed_at: null,
        full_at: null,
        error_code: null,
      })
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'entity']).doUpdateSet({
          watermark: sql<number>`coalesce(sync_states.watermark, excluded.watermark)`,
        }),
      )
      .execute();
  }
};

/** Forgets a scan; what it stored and queued stays. */
export const deleteScan = async (
  db: WriteDb,
  workspaceId: string,
  entity: string,
  kind: ScanKind,
): Promise<void> => {
  await db
    .deleteFrom('sync_windows')
    .where('workspace_id', '=', workspaceId)
    .where('scan_id', 'in', (eb) =>
      eb
        .selectFrom('sync_scans')
        .select('scan_id')
        .where('workspace_id', '=', workspaceId)
        .where('entity', '=', entity)
        .where('kind', '=', kind),
    )
    .execute();
  await db
    .deleteFrom('sync_scans')
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', entity)
    .where('kind', '=', kind)
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
export const stepWindow = async (db: WriteDb, workspaceId: string, step: WindowStep): Promise<void> => {
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
  readonly kind: ScanKind;
  /** Server time up to which every change was listed: the start of the scan, never its newest row (TRAPS I4). */
  readonly watermark: number;
  /** Unix seconds. */
  readonly completedAt: number;
}

/**
 * Ends a scan whose windows are all done: the watermark moves, the plan goes. What the scan queued waits in the queue,
 * which says by itself up to when everything is in.
 * @throws AppError INTERNAL when a window is not done
 */
export const finishScan = async (context: WriteContext, args: FinishScanArgs): Promise<void> => {
  const { db } = context;
  const { entity, kind } = args;
  await assertFence(context, args.fence);
  const workspaceId = args.fence.workspaceId;
  const open = await db
    .selectFrom('sync_windows as w')
    .innerJoin('sync_scans as s', (join) =>
      join.onRef('s.workspace_id', '=', 'w.workspace_id').onRef('s.scan_id', '=', 'w.scan_id'),
    )
    .select('w.window_no')
    .where('s.workspace_id', '=', workspaceId)
    .where('s.entity', '=', entity)
    .where('s.kind', '=', kind)
    .where('w.done', '=', 0)
    .executeTakeFirst();
  if (open !== undefined) throw new AppError('INTERNAL', 'A scan was ended before all of it was listed.');
  await deleteScan(db, workspaceId, entity, kind);
  const full = kind === 'backfill';
  await db
    .insertInto('sync_states')
    .values({
      workspace_id: workspaceId,
      entity: stateOfScan(entity, kind),
      watermark: args.watermark,
      backfilled: full ? 1 : 0,
      completed_at: args.completedAt,
      full_at: full ? args.completedAt : null,
      error_code: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'entity']).doUpdateSet({
        // A poll that ended while the backfill ran has moved it further already.
        watermark: sql<number>`case when coalesce(sync_states.watermark, 0) > excluded.watermark then sync_states.watermark else excluded.watermark end`,
        completed_at: args.completedAt,
        error_code: null,
        ...(full ? { backfilled: 1, full_at: args.completedAt } : {}),
      }),
    )
    .execute();
};

/** Begins a window anew: its cursor is no longer taken. */
export const restartWindow = async (
  context: WriteContext,
  args: { readonly fence: Fence; readonly scanId: string; readonly windowNo: number },
): Promise<void> => {
  await assertFence(context, args.fence);
  await context.db
    .updateTable('sync_windows')
    .set({ next_cursor: null, done: 0 })
    .where('workspace_id', '=', args.fence.workspaceId)
    .where('scan_id', '=', args.scanId)
    .where('window_no', '=', args.windowNo)
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
      backfilled: 0,
      completed_at: null,
      full_at: null,
      error_code: args.code,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'entity']).doUpdateSet({ error_code: args.code }),
    )
    .execute();
};

import type { CapabilityState } from '../../lib/capability.ts';
import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';
import { deleteScan } from './scans.ts';
import { upsertRows } from './upsert-rows.ts';

export interface NoteCapabilityArgs {
  readonly fence: Fence;
  /** An entity, by its name. */
  readonly capability: string;
  readonly state: CapabilityState;
  readonly code: string | null;
  /** Unix seconds. */
  readonly checkedAt: number;
}

/** Without the permission to read tickets conversations that are tickets are not listed, without a word (TRAPS T20). */
const HIDES: Readonly<Record<string, string>> = { tickets: 'conversations' };

/**
 * Notes whether a kind of data may be read. Where one may be read that was refused before, or never asked for, what it
 * had hidden of another entity has old times: that one is listed again from the beginning.
 */
export const noteCapability = async (context: WriteContext, args: NoteCapabilityArgs): Promise<void> => {
  const { db } = context;
  const { capability, checkedAt, code, fence, state } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  const before = await db
    .selectFrom('capabilities')
    .select('state')
    .where('workspace_id', '=', workspaceId)
    .where('capability', '=', capability)
    .executeTakeFirst();
  const row = { workspace_id: workspaceId, capability, state, code, checked_at: checkedAt };
  await upsertRows(db, 'capabilities', ['workspace_id', 'capability'], [row]);
  const hidden = HIDES[capability];
  if (hidden === undefined || state !== 'ok' || before?.state === 'ok') return;
  await db
    .updateTable('sync_states')
    .set({ backfilled: 0 })
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', hidden)
    .execute();
  // A listing under way has passed over a part of it already.
  if (before !== undefined) await deleteScan(db, workspaceId, hidden, 'backfill');
};

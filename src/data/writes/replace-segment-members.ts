import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';
import { upsertRows } from './upsert-rows.ts';

export interface ReplaceSegmentMembersArgs {
  readonly fence: Fence;
  readonly segmentId: string;
  /** All contacts that are in it. */
  readonly contactIds: readonly string[];
}

/** Stores which contacts are in a segment, in place of those that were. */
export const replaceSegmentMembers = async (
  context: WriteContext,
  args: ReplaceSegmentMembersArgs,
): Promise<void> => {
  const { db } = context;
  const { contactIds, fence, segmentId } = args;
  await assertFence(context, fence);
  await db
    .deleteFrom('contact_segments')
    .where('workspace_id', '=', fence.workspaceId)
    .where('segment_id', '=', segmentId)
    .execute();
  await upsertRows(
    db,
    'contact_segments',
    ['workspace_id', 'contact_id', 'segment_id'],
    [...new Set(contactIds)].map((id) => ({
      workspace_id: fence.workspaceId,
      contact_id: id,
      segment_id: segmentId,
    })),
  );
};

/** Forgets the members of segments that are no longer there. */
export const forgetSegments = async (
  context: WriteContext,
  args: { readonly fence: Fence },
): Promise<void> => {
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  await context.db
    .deleteFrom('contact_segments')
    .where('workspace_id', '=', workspaceId)
    .where('segment_id', 'not in', (eb) =>
      eb
        .selectFrom('segments')
        .select('id')
        .where('workspace_id', '=', workspaceId)
        .where('deleted_at', 'is', null),
    )
    .execute();
};

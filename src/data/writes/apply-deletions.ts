import type { WriteContext } from '../context.ts';
import { assertFence, type Fence } from './fence.ts';
import { type DeletedConversation, removeConversations } from './remove-conversations.ts';

/** Takes over what Intercom's feed of deleted conversations names. @returns how many of them were stored and living */
export const applyDeletions = async (
  context: WriteContext,
  args: { readonly fence: Fence; readonly deleted: readonly DeletedConversation[] },
): Promise<number> => {
  await assertFence(context, args.fence);
  return removeConversations(context, args.fence.workspaceId, args.deleted);
};

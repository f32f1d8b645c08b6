import type { Tool } from '../define.ts';
import { describeWorkspace } from './describe-workspace.ts';
import { getConversation } from './get-conversation.ts';
import { getSyncStatus } from './get-sync-status.ts';
import { searchConversations } from './search-conversations.ts';
import { syncNow } from './sync-now.ts';

/** Every tool, in the order that clients see. */
export const TOOLS: readonly Tool[] = [
  searchConversations,
  getConversation,
  describeWorkspace,
  getSyncStatus,
  syncNow,
];

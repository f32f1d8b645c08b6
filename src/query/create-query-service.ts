import type { QueryDeps } from './deps.ts';
import { getConversation } from './get-conversation.ts';
import { getSyncStatus } from './get-sync-status.ts';
import { searchConversations } from './search-conversations.ts';
import { syncNow } from './sync-now.ts';
import type { QueryService } from './types.ts';

/** The use cases over one store; they hold no state of their own. */
export const createQueryService = (deps: QueryDeps): QueryService => ({
  searchConversations: (input, call) => searchConversations(deps, input, call),
  getConversation: (input, call) => getConversation(deps, input, call),
  getSyncStatus: (call) => getSyncStatus(deps, call),
  syncNow: (input, call) => syncNow(deps, input, call),
});

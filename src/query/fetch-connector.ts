import { conversationUrl } from '../lib/inbox-url.ts';
import { askedWorkspace } from './asked-workspace.ts';
import { connectorId, readReference } from './connector-ids.ts';
import type { ConnectorDocument, ConnectorFetchInput } from './connector-types.ts';
import type { QueryDeps } from './deps.ts';
import { getConversation } from './get-conversation.ts';
import { titleOf } from './search-connector.ts';
import { MAX_LIMIT } from './search-conversations.ts';
import type { CallContext } from './types.ts';

/**
 * What a connector's `fetch` reads: a conversation with as much of its transcript as one page holds.
 * @throws AppError ARGUMENT_INVALID, CONVERSATION_NOT_FOUND, WORKSPACE_*, STORE_*
 */
export const fetchConnector = async (
  deps: QueryDeps,
  input: ConnectorFetchInput,
  call?: CallContext,
): Promise<ConnectorDocument> => {
  const reference = readReference(input.id);
  const workspace = await askedWorkspace(deps, reference.workspace ?? input.workspace, call);
  const answer = await getConversation(
    deps,
    { id: reference.id, workspace: workspace.calledBy, limit: MAX_LIMIT },
    call,
  );
  const { conversation } = answer;
  const [first] = conversation.contacts;
  return {
    id: connectorId(workspace, conversation.id),
    title: titleOf(conversation, first?.name ?? first?.email),
    url: conversationUrl(workspace.id, workspace.region, conversation.id),
    answer,
  };
};

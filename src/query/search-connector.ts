import { conversationUrl } from '../lib/inbox-url.ts';
import { asAsked, type AskedWorkspace, askedWorkspace, workspacesOf } from './asked-workspace.ts';
import { connectorId } from './connector-ids.ts';
import type { ConnectorHit, ConnectorSearchAnswer, ConnectorSearchInput } from './connector-types.ts';
import type { QueryDeps } from './deps.ts';
import { getMirrorStatus } from './get-mirror-status.ts';
import { searchConversations } from './search-conversations.ts';
import type { CallContext, SearchAnswer, SearchHit } from './types.ts';

const DEFAULT_RESULTS = 10;

/** What a citation is called: never empty. */
export const titleOf = (head: Pick<SearchHit, 'id' | 'title'>, who: string | null | undefined): string =>
  head.title?.trim() || `Conversation ${head.id}${who ? ` with ${who}` : ''}`;

const toHit = (workspace: AskedWorkspace, hit: SearchHit): ConnectorHit => ({
  id: connectorId(workspace, hit.id),
  title: titleOf(hit, hit.contact?.name ?? hit.contact?.email),
  url: conversationUrl(workspace.id, workspace.region, hit.id),
  text: hit.match?.snippet ?? null,
});

interface Found {
  readonly workspace: AskedWorkspace;
  readonly answer: SearchAnswer;
}

const fromOne = ({ answer, workspace }: Found): ConnectorSearchAnswer => ({
  ...answer,
  results: answer.results.map((hit) => toHit(workspace, hit)),
});

/** The first of each, the second of each, and so on: ranks of different workspaces cannot be compared. */
const inTurns = (lists: readonly (readonly ConnectorHit[])[], limit: number): ConnectorHit[] => {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list[place] ?? []))
    .flat()
    .slice(0, limit);
};

const fromSeveral = async (
  deps: QueryDeps,
  all: readonly Found[],
  limit: number,
  call: CallContext | undefined,
): Promise<ConnectorSearchAnswer> => {
  const { metadata } = await getMirrorStatus(deps, {}, call);
  const results = inTurns(
    all.map((found) => fromOne(found).results),
    limit,
  );
  const answers = all.map(({ answer }) => answer);
  const total = answers.reduce((sum, { summary }) => sum + summary.total_results, 0);
  return {
    summary: {
      total_results: total,
      ...(answers.some(({ summary }) => summary.total_relation)
        ? { total_relation: 'at_least' as const }
        : {}),
      returned: results.length,
      query_time_ms: Math.max(...answers.map(({ summary }) => summary.query_time_ms)),
      data_source: 'local',
      cache_hit: false,
    },
    results,
    pagination: { limit, has_more: results.length < total, next_cursor: null },
    metadata: {
      ...metadata,
      query: answers[0]?.metadata.query ?? null,
      filters_applied: answers[0]?.metadata.filters_applied ?? {},
      notes: [
        ...metadata.notes,
        ...all.flatMap(({ answer, workspace }) =>
          answer.metadata.notes.map((note) => `${workspace.calledBy}: ${note}`),
        ),
      ],
    },
    cursorAfter: () => null,
  };
};

/**
 * What a connector's `search` finds: conversations, as ids, titles and addresses. Of a mirror of several workspaces those
 * of all, in turns, where none is named.
 * @throws AppError as `searchConversations`
 */
export const searchConnector = async (
  deps: QueryDeps,
  input: ConnectorSearchInput,
  call?: CallContext,
): Promise<ConnectorSearchAnswer> => {
  const limit = input.limit ?? DEFAULT_RESULTS;
  const bound = await workspacesOf(deps, call);
  const search = async (workspace: AskedWorkspace): Promise<Found> => ({
    workspace,
    answer: await searchConversations(deps, { ...input, limit, workspace: workspace.calledBy }, call),
  });
  const isOne = bound.length < 2 || (input.workspace?.trim() ?? '') !== '' || input.cursor !== undefined;
  if (isOne) return fromOne(await search(await askedWorkspace(deps, input.workspace, call)));
  const all = await Promise.all(bound.map((workspace) => search(asAsked(workspace, bound))));
  return fromSeveral(deps, all, limit, call);
};

import { ApiError } from '../errors.ts';
import { partsOf } from '../live/live-world.ts';
import { always, type Condition, matching, within } from '../search/condition.ts';
import { CONVERSATION_FIELDS } from '../search/conversation-fields.ts';
import type { FoundPage } from '../search/find-page.ts';
import { timeSpans, valueTest } from '../search/operators.ts';
import { type Filter, parseQuery, unknownField } from '../search/parse-query.ts';
import type { JsonObject } from '../world.ts';
import { type Api, type ApiRequest, type Handler, hasVersion216 } from './api.ts';
import { numberedPage, pageOf, perPageOf } from './paging.ts';
import { NEWEST_FIRST, sortingOf } from './sort.ts';

/** The newest parts that Intercom gives (API-FACTS 5.1). */
const MAX_PARTS = 500;
/** API-FACTS 3.2. */
const USUAL_PER_PAGE = 20;
const MAX_DELETED_PER_PAGE = 60;

const conditionOf =
  (inclusive: boolean) =>
  (filter: Filter): Condition => {
    const field = CONVERSATION_FIELDS.get(filter.field);
    if (field === undefined) throw unknownField(filter.field);
    const test = valueTest(filter, field.type, inclusive);
    const indexed = filter.field === 'created_at' || filter.field === 'updated_at' ? filter.field : undefined;
    const spans = indexed && timeSpans(filter, inclusive);
    if (indexed && spans) return within(indexed, spans);
    return matching((item) => test(field.read(item)));
  };

/** List and search leave the parts out (API-FACTS 5.1). */
const listItem = (conversation: JsonObject): JsonObject => {
  const { conversation_parts: _parts, ...item } = conversation;
  return item;
};

/** Without the scope, tickets are silently absent from lists and searches (API-FACTS 5.1, TRAPS T20). */
const seesTickets = ({ behaviour }: Api): boolean => !behaviour().missingScopes.includes('read_tickets');
const finderOf = (api: Api): Api['findConversations'] =>
  seesTickets(api) ? api.findConversations : api.findPlainConversations;

const conversationList = (
  { items, total, pages }: FoundPage,
  shown: (conversation: JsonObject) => JsonObject = listItem,
): JsonObject => ({
  type: 'conversation.list',
  pages,
  total_count: total,
  conversations: items.map(shown),
});

/** What a search shows beside the usual, when it is asked to (API-FACTS 5.1). */
const withQuality =
  ({ live }: Api, request: ApiRequest) =>
  (conversation: JsonObject): JsonObject => {
    const { query } = request;
    const monitors = query.get('include_monitors') === 'true';
    const scorecards = query.get('include_scorecards') === 'true';
    if (!hasVersion216(request) || !(monitors || scorecards)) return listItem(conversation);
    const found = live.quality(conversation);
    return {
      ...listItem(conversation),
      ...(monitors ? { monitor_evaluations: found.monitor_evaluations } : {}),
      ...(scorecards ? { scorecards: found.scorecards } : {}),
    };
  };

/** POST /conversations/search (API-FACTS 4). The cursor counts in the body only; in the query string it is ignored. */
export const searchConversations: Handler = (api, request) => {
  const { body, version } = request;
  const { inclusiveBounds, sort } = api.behaviour();
  const pagination = (body.pagination ?? {}) as { per_page?: unknown; starting_after?: unknown };
  return conversationList(
    finderOf(api)({
      condition: parseQuery(body.query, conditionOf(inclusiveBounds)),
      key: `${inclusiveBounds} ${JSON.stringify(body.query)}`,
      ...sortingOf(body, sort, version),
      ...pageOf(api.behaviour(), perPageOf(pagination.per_page, USUAL_PER_PAGE), pagination.starting_after),
    }),
    withQuality(api, request),
  );
};

/** GET /conversations: newest activity first, by cursor. */
export const listConversations: Handler = (api, { query }) =>
  conversationList(
    finderOf(api)({
      condition: always,
      key: '',
      ...NEWEST_FIRST,
      ...pageOf(
        api.behaviour(),
        perPageOf(query.get('per_page'), USUAL_PER_PAGE),
        query.get('starting_after'),
      ),
    }),
  );

/** GET /conversations/{id}: the newest 500 parts, and how many there are. */
export const getConversation: Handler = (api, { id }) => {
  const found = api.live.conversations.get(id);
  if (found === undefined) throw new ApiError(404, 'conversation_not_found', 'Conversation not found');
  if ((found.ticket ?? null) !== null && !seesTickets(api))
    throw new ApiError(
      403,
      'forbidden',
      'You do not have the required scope (read_tickets) to access this resource',
    );
  const parts = partsOf(found);
  if (parts.length <= MAX_PARTS) return found;
  return {
    ...found,
    conversation_parts: {
      type: 'conversation_part.list',
      conversation_parts: parts.slice(-MAX_PARTS),
      total_count: parts.length,
    },
  };
};

/** GET /conversations/deleted, from 2.16 on, newest first unless asked otherwise (API-FACTS 7.1). */
export const listDeleted: Handler = ({ live }, request) => {
  const { query, path } = request;
  const order = query.get('order') === 'asc' ? 'asc' : 'desc';
  const feed = order === 'asc' ? live.deletions : live.deletions.toReversed();
  const { pages, from, until } = numberedPage({
    path,
    page: query.get('page'),
    perPage: perPageOf(query.get('per_page'), USUAL_PER_PAGE, MAX_DELETED_PER_PAGE),
    total: feed.length,
    order,
  });
  return {
    type: 'conversations.list',
    total_count: feed.length,
    pages,
    conversations: feed.slice(from, until).map((deletion) => ({ type: 'conversation', ...deletion })),
  };
};

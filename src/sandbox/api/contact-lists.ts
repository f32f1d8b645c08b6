import { ApiError } from '../errors.ts';
import type { ContactDetails, JsonObject } from '../world.ts';
import type { Api, ApiRequest, Handler } from './api.ts';
import { numberedPage, perPageOf } from './paging.ts';

/** API-FACTS 3.2. */
const USUAL_PER_PAGE = 50;

const detailsOf = ({ live }: Api, { id }: ApiRequest): ContactDetails => {
  const found = live.details(id);
  if (found === undefined) throw new ApiError(404, 'not_found', 'User Not Found');
  return found;
};

const paged = (request: ApiRequest, items: readonly JsonObject[]): JsonObject => {
  const { pages, from, until } = numberedPage({
    path: request.path,
    page: request.query.get('page'),
    perPage: perPageOf(request.query.get('per_page'), USUAL_PER_PAGE),
    total: items.length,
  });
  return { type: 'list', data: items.slice(from, until), total_count: items.length, pages };
};

const withIds = (items: readonly JsonObject[], ids: readonly string[]): JsonObject[] =>
  ids.map((id) => items.find((item) => item.id === id)).filter((item) => item !== undefined);

/** A segment as it hangs at somebody: without the number of its people. */
const segments = ({ live }: Api, ids: readonly string[]): JsonObject => ({
  type: 'list',
  data: withIds(live.lists.segments, ids).map((segment) => {
    const { count: _count, ...rest } = segment;
    return rest;
  }),
});

export const listContactTags: Handler = (api, request) => ({
  type: 'list',
  data: [...detailsOf(api, request).tags],
});

export const listContactNotes: Handler = (api, request) => paged(request, detailsOf(api, request).notes);

/** The description's schema names the list `companies`, its example and connectors `data`. */
export const listContactCompanies: Handler = (api, request) =>
  paged(
    request,
    detailsOf(api, request)
      .companies.map((id) => api.live.companies.get(id))
      .filter((company) => company !== undefined),
  );

export const listContactSegments: Handler = (api, request) => segments(api, detailsOf(api, request).segments);

/** Only what the contact has chosen (API-FACTS 5.3). */
export const listContactSubscriptions: Handler = (api, request) => {
  const { optedIn, optedOut } = detailsOf(api, request);
  return { type: 'list', data: withIds(api.live.lists.subscription_types, [...optedOut, ...optedIn]) };
};

export const listCompanySegments: Handler = (api, { id }) => {
  const rank = api.live.companies.rankOf(id);
  if (rank === undefined || api.live.companies.at(rank) === undefined)
    throw new ApiError(404, 'company_not_found', 'Company Not Found');
  const { segments: all } = api.live.lists;
  return segments(
    api,
    all.filter((_, index) => (rank + index) % 4 === 0).map((segment) => String(segment.id)),
  );
};

/** What was merged into a contact, oldest first unless asked otherwise; `cursor` is a place in it. */
export const listMergeHistory: Handler = (api, request) => {
  if (api.live.contacts.get(request.id) === undefined) throw new ApiError(404, 'not_found', 'User Not Found');
  const { query } = request;
  const history = mergeHistoryOf(api, request.id);
  const ordered = query.get('order') === 'desc' ? history.toReversed() : history;
  const perPage = perPageOf(query.get('per_page'), USUAL_PER_PAGE);
  const from = Number(Buffer.from(query.get('cursor') ?? '', 'base64').toString() || 0);
  const more = from + perPage < ordered.length;
  return {
    type: 'list',
    data: ordered.slice(from, from + perPage),
    next_cursor: more ? Buffer.from(String(from + perPage)).toString('base64') : null,
    has_more: more,
  };
};

/** Merges into a contact, with what had been merged into those (API-FACTS 7.3). */
export const mergeHistoryOf = ({ live }: Api, id: string): JsonObject[] => {
  const into = new Set([id]);
  const found: JsonObject[] = [];
  for (const merge of live.mergeLog.toReversed()) {
    if (!into.has(merge.into)) continue;
    into.add(merge.from);
    found.unshift({
      type: 'merge_history',
      source_contact_id: merge.from,
      source_contact_role: merge.role,
      merged_at: merge.at,
    });
  }
  return found;
};

import { ApiError } from './errors.ts';
import type { LiveWorld } from './live-world.ts';
import { listConversations, perPageOf, searchConversations } from './search.ts';
import { searchContacts } from './search-contacts.ts';
import type { JsonObject } from './world.ts';

export interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly token: string;
  /** Unix seconds. */
  readonly now: number;
}

export interface RouteOptions {
  readonly inclusiveBounds: boolean;
}

type Handler = (live: LiveWorld, request: RouteRequest, options: RouteOptions, id: string) => JsonObject;

const notFound = (code: string, message: string): never => {
  throw new ApiError(404, code, message);
};

/** A token `workspace-<x>` belongs to another workspace with the same data. */
const workspaceIdOf = (live: LiveWorld, token: string): string => {
  const other = /^workspace-(.+)$/.exec(token)?.[1];
  return other === undefined ? live.world.workspace.id_code : `other-${other}`;
};

const pageBy = (
  data: readonly JsonObject[],
  request: RouteRequest,
  perPage: number,
  key: string,
  type: string,
): JsonObject => {
  const page = Math.max(1, Number(request.query.get('page') ?? 1) || 1);
  const totalPages = Math.max(1, Math.ceil(data.length / perPage));
  const next =
    page < totalPages ? `https://api.intercom.io${request.path}?per_page=${perPage}&page=${page + 1}` : null;
  return {
    type,
    total_count: data.length,
    pages: { type: 'pages', next, page, per_page: perPage, total_pages: totalPages },
    [key]: data.slice((page - 1) * perPage, page * perPage) as JsonObject[],
  };
};

const listContacts: Handler = (live, { query }) => {
  const perPage = Math.min(150, Math.max(1, Number(query.get('per_page') ?? 50) || 50));
  const cursor = query.get('starting_after');
  const start = cursor === null || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8'));
  if (!Number.isInteger(start) || start < 0)
    throw new ApiError(400, 'client_error', `Invalid starting_after param: ${cursor}`);
  const total = live.world.contactCount;
  const data = Array.from({ length: Math.max(0, Math.min(perPage, total - start)) }, (_, offset) => {
    const item = live.world.contact(start + offset);
    return live.contact(String(item.id)) ?? item;
  });
  const page = Math.floor(start / perPage) + 1;
  const end = start + data.length;
  return {
    type: 'list',
    data,
    total_count: total,
    pages: {
      type: 'pages',
      page,
      per_page: perPage,
      total_pages: Math.ceil(total / perPage),
      ...(end < total
        ? { next: { page: page + 1, starting_after: Buffer.from(String(end)).toString('base64') } }
        : {}),
    },
  };
};

const companies: Handler = (live, request) => {
  const all = Array.from({ length: live.world.companyCount }, (_, index) => live.world.company(index));
  return pageBy(
    all,
    request,
    Math.min(60, perPageOf(request.body.per_page ?? request.query.get('per_page'))),
    'data',
    'list',
  );
};

const ROUTES: readonly { readonly method: string; readonly pattern: RegExp; readonly handle: Handler }[] = [
  {
    method: 'GET',
    pattern: /^\/me$/,
    handle: (live, { token }) => ({
      ...live.world.me,
      type: 'admin',
      app: {
        type: 'app',
        identity_verification: false,
        ...live.world.workspace,
        id_code: workspaceIdOf(live, token),
      },
    }),
  },
  {
    method: 'GET',
    pattern: /^\/admins$/,
    handle: (live) => ({ type: 'admin.list', admins: [...live.world.admins] }),
  },
  {
    method: 'GET',
    pattern: /^\/teams$/,
    handle: (live) => ({ type: 'team.list', teams: [...live.world.teams] }),
  },
  { method: 'GET', pattern: /^\/tags$/, handle: (live) => ({ type: 'list', data: [...live.world.tags] }) },
  { method: 'GET', pattern: /^\/segments$/, handle: () => ({ type: 'segment.list', segments: [] }) },
  { method: 'GET', pattern: /^\/contacts$/, handle: listContacts },
  { method: 'POST', pattern: /^\/contacts\/search$/, handle: (live, { body }) => searchContacts(live, body) },
  {
    method: 'GET',
    pattern: /^\/contacts\/([^/]+)$/,
    handle: (live, _request, _options, id) => live.contact(id) ?? notFound('not_found', 'User Not Found'),
  },
  { method: 'POST', pattern: /^\/companies\/list$/, handle: companies },
  {
    method: 'GET',
    pattern: /^\/companies\/([^/]+)$/,
    handle: (live, _request, _options, id) => {
      const index = live.world.companyIndex(id);
      return index === undefined
        ? notFound('company_not_found', 'Company Not Found')
        : live.world.company(index);
    },
  },
  {
    method: 'GET',
    pattern: /^\/conversations$/,
    handle: (live, { query }) => listConversations(live, query),
  },
  {
    method: 'POST',
    pattern: /^\/conversations\/search$/,
    handle: (live, { body }, options) => searchConversations(live, body, options.inclusiveBounds),
  },
  {
    method: 'GET',
    pattern: /^\/conversations\/deleted$/,
    handle: (live, request) => {
      const feed = live
        .deleted()
        .map((item): JsonObject => ({ type: 'conversation', metrics_retained: false, ...item }));
      if (request.query.get('order') === 'asc') feed.reverse();
      return pageBy(
        feed,
        request,
        Math.min(60, perPageOf(request.query.get('per_page'))),
        'conversations',
        'conversations.list',
      );
    },
  },
  {
    method: 'GET',
    pattern: /^\/conversations\/([^/]+)$/,
    handle: (live, _request, _options, id) =>
      live.shown(id) ?? notFound('conversation_not_found', 'Conversation not found'),
  },
];

/** The answer of the API. @throws ApiError */
export const route = (live: LiveWorld, request: RouteRequest, options: RouteOptions): JsonObject => {
  const onPath = ROUTES.filter((candidate) => candidate.pattern.test(request.path));
  if (onPath.length === 0) throw new ApiError(404, 'not_found', 'The requested resource was not found');
  const found = onPath.find((candidate) => candidate.method === request.method);
  if (found === undefined) throw new ApiError(405, 'method_not_allowed', 'Method not allowed');
  const id = decodeURIComponent(found.pattern.exec(request.path)?.[1] ?? '');
  return found.handle(live, request, options, id);
};

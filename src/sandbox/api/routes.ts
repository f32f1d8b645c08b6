import { ApiError } from '../errors.ts';
import type { JsonObject } from '../world.ts';
import type { Api, ApiRequest, Handler } from './api.ts';
import { createScroll, findCompany, getCompany, listCompanies } from './companies.ts';
import { getContact, listContacts, searchContacts } from './contacts.ts';
import { getConversation, listConversations, listDeleted, searchConversations } from './conversations.ts';

interface Route {
  readonly method: string;
  /** `{id}` stands for one segment; the first route that fits a path wins. */
  readonly path: string;
  readonly handle: Handler;
}

/** A token `workspace-<x>` belongs to another workspace with the same data. */
const me: Handler = ({ live: { world } }, { token }) => {
  const other = /^workspace-(.+)$/.exec(token)?.[1];
  const { id_code: own, ...workspace } = world.workspace;
  return {
    ...world.me,
    app: {
      type: 'app',
      id_code: other === undefined ? own : `other-${other}`,
      ...workspace,
      identity_verification: false,
    },
  };
};

const small: readonly Route[] = [
  { method: 'GET', path: '/me', handle: me },
  {
    method: 'GET',
    path: '/admins',
    handle: ({ live }) => ({ type: 'admin.list', admins: [...live.world.admins] }),
  },
  {
    method: 'GET',
    path: '/teams',
    handle: ({ live }) => ({ type: 'team.list', teams: [...live.world.teams] }),
  },
  { method: 'GET', path: '/tags', handle: ({ live }) => ({ type: 'list', data: [...live.world.tags] }) },
];

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace('{id}', '([^/]+)')}$`);

const idIn = (pattern: RegExp, path: string): string => {
  const raw = pattern.exec(path)?.[1] ?? '';
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
};

/** The operations of the API, by method and path. @throws ApiError */
export const createRouter = (api: Api) => {
  const routes: readonly Route[] = [
    ...small,
    { method: 'GET', path: '/contacts', handle: listContacts },
    { method: 'POST', path: '/contacts/search', handle: searchContacts },
    { method: 'GET', path: '/contacts/{id}', handle: getContact },
    { method: 'POST', path: '/companies/list', handle: listCompanies },
    { method: 'GET', path: '/companies', handle: findCompany },
    { method: 'GET', path: '/companies/scroll', handle: createScroll() },
    { method: 'GET', path: '/companies/{id}', handle: getCompany },
    { method: 'GET', path: '/conversations', handle: listConversations },
    { method: 'POST', path: '/conversations/search', handle: searchConversations },
    { method: 'GET', path: '/conversations/deleted', handle: listDeleted },
    { method: 'GET', path: '/conversations/{id}', handle: getConversation },
  ];
  const known = routes.map((route) => ({ ...route, pattern: patternOf(route.path) }));
  return (request: Omit<ApiRequest, 'id'>): JsonObject => {
    const onPath = known.filter(({ pattern }) => pattern.test(request.path));
    if (onPath.length === 0) throw new ApiError(404, 'not_found', 'The requested resource was not found');
    // A word in the path is no id: /conversations/search is not a conversation.
    const exact = onPath.filter(({ path }) => path === request.path);
    const candidates = exact.length > 0 ? exact : onPath;
    const found = candidates.find(({ method }) => method === request.method);
    if (found === undefined)
      throw new ApiError(405, 'method_not_allowed', 'Method not allowed', {
        Allow: candidates.map(({ method }) => method).join(', '),
      });
    return found.handle(api, { ...request, id: idIn(found.pattern, request.path) });
  };
};

import { ApiError } from '../errors.ts';
import type { JsonObject } from '../world.ts';
import type { Api, ApiRequest, Handler } from './api.ts';
import { createScroll, findCompany, getCompany, listCompanies } from './companies.ts';
import {
  listCompanySegments,
  listContactCompanies,
  listContactNotes,
  listContactSegments,
  listContactSubscriptions,
  listContactTags,
  listMergeHistory,
} from './contact-lists.ts';
import { getContact, listContacts, searchContacts } from './contacts.ts';
import { getConversation, listConversations, listDeleted, searchConversations } from './conversations.ts';
import { getArticle, listArticles, listCollections, listInternalArticles, listMacros } from './knowledge.ts';
import {
  listAdmins,
  listBrands,
  listConversationAttributes,
  listDataAttributes,
  listHelpCenters,
  listOfficeHours,
  listSegments,
  listSubscriptionTypes,
  listTags,
  listTeams,
  listTicketStates,
  listTicketTypes,
} from './lists.ts';
import { getTicket, searchTickets } from './tickets.ts';

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

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace('{id}', '([^/]+)')}$`);

const idIn = (pattern: RegExp, path: string): string => {
  const raw = pattern.exec(path)?.[1] ?? '';
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
};

const get = (path: string, handle: Handler): Route => ({ method: 'GET', path, handle });
const post = (path: string, handle: Handler): Route => ({ method: 'POST', path, handle });

const ROUTES: readonly Route[] = [
  get('/me', me),
  get('/admins', listAdmins),
  get('/teams', listTeams),
  get('/tags', listTags),
  get('/segments', listSegments),
  get('/subscription_types', listSubscriptionTypes),
  get('/brands', listBrands),
  get('/office_hours_schedules', listOfficeHours),
  get('/data_attributes', listDataAttributes),
  get('/ticket_types', listTicketTypes),
  get('/ticket_states', listTicketStates),
  get('/help_center/help_centers', listHelpCenters),
  get('/help_center/collections', listCollections),
  get('/articles', listArticles),
  get('/articles/{id}', getArticle),
  get('/internal_articles', listInternalArticles),
  get('/macros', listMacros),
  get('/contacts', listContacts),
  post('/contacts/search', searchContacts),
  get('/contacts/{id}', getContact),
  get('/contacts/{id}/tags', listContactTags),
  get('/contacts/{id}/notes', listContactNotes),
  get('/contacts/{id}/companies', listContactCompanies),
  get('/contacts/{id}/segments', listContactSegments),
  get('/contacts/{id}/subscriptions', listContactSubscriptions),
  get('/contacts/{id}/merge_history', listMergeHistory),
  post('/companies/list', listCompanies),
  get('/companies', findCompany),
  get('/companies/{id}', getCompany),
  get('/companies/{id}/segments', listCompanySegments),
  get('/conversations', listConversations),
  post('/conversations/search', searchConversations),
  get('/conversations/deleted', listDeleted),
  get('/conversations/attributes', listConversationAttributes),
  get('/conversations/{id}', getConversation),
  post('/tickets/search', searchTickets),
  get('/tickets/{id}', getTicket),
];

/** The operations of the API, by method and path. @throws ApiError */
export const createRouter = (api: Api) => {
  const routes: readonly Route[] = [
    { method: 'GET', path: '/companies/scroll', handle: createScroll() },
    ...ROUTES,
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

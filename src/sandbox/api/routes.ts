import { ApiError } from '../errors.ts';
import { isAtLeast, type Version } from '../versions.ts';
import type { JsonObject } from '../world.ts';
import { type Api, type ApiRequest, type Handler, timeZoneOf } from './api.ts';
import { asVersion } from './as-version.ts';
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
import { shapePages } from './page-shapes.ts';
import { getTicket, searchTickets } from './tickets.ts';

interface Route {
  readonly method: string;
  /** `{id}` stands for one segment; the first route that fits a path wins. */
  readonly path: string;
  readonly handle: Handler;
  /** What a token needs for it (API-FACTS 1.12). */
  readonly scope: string;
  /** The version that it came with. */
  readonly since?: Version;
}

/** A token `workspace-<x>` belongs to another workspace with the same data. */
const me: Handler = (api, { token }) => {
  const { world } = api.live;
  const other = /^workspace-(.+)$/.exec(token)?.[1];
  const { id_code: own, ...workspace } = world.workspace;
  const { region, workspaceId } = api.behaviour();
  return {
    ...world.me,
    app: {
      type: 'app',
      id_code: other === undefined ? (workspaceId ?? own) : `other-${other}`,
      ...workspace,
      region: region ?? workspace.region,
      timezone: timeZoneOf(api),
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

const get = (path: string, handle: Handler, since?: Version) => ({ method: 'GET', path, handle, since });
const post = (path: string, handle: Handler) => ({ method: 'POST', path, handle, since: undefined });

/** By the scope that they need. */
const SCOPED = {
  read_me: [get('/me', me)],
  read_admins: [
    get('/admins', listAdmins),
    get('/teams', listTeams),
    get('/office_hours_schedules', listOfficeHours),
  ],
  read_tags: [get('/tags', listTags)],
  read_contacts: [
    get('/segments', listSegments),
    get('/subscription_types', listSubscriptionTypes),
    get('/contacts', listContacts),
    post('/contacts/search', searchContacts),
    get('/contacts/{id}', getContact),
    get('/contacts/{id}/tags', listContactTags),
    get('/contacts/{id}/notes', listContactNotes),
    get('/contacts/{id}/companies', listContactCompanies),
    get('/contacts/{id}/segments', listContactSegments),
    get('/contacts/{id}/subscriptions', listContactSubscriptions),
    get('/contacts/{id}/merge_history', listMergeHistory, '2.16'),
  ],
  read_brands: [get('/brands', listBrands, '2.15')],
  read_data_attributes: [get('/data_attributes', listDataAttributes)],
  read_tickets: [
    get('/ticket_types', listTicketTypes),
    get('/ticket_states', listTicketStates, '2.12'),
    post('/tickets/search', searchTickets),
    get('/tickets/{id}', getTicket),
  ],
  read_articles: [
    get('/help_center/help_centers', listHelpCenters),
    get('/help_center/collections', listCollections),
    get('/articles', listArticles),
    get('/articles/{id}', getArticle),
    get('/internal_articles', listInternalArticles, '2.13'),
  ],
  read_conversations: [
    get('/macros', listMacros, '2.16'),
    get('/conversations', listConversations),
    post('/conversations/search', searchConversations),
    get('/conversations/deleted', listDeleted, '2.16'),
    get('/conversations/attributes', listConversationAttributes, '2.16'),
    get('/conversations/{id}', getConversation),
  ],
  read_companies: [
    post('/companies/list', listCompanies),
    get('/companies', findCompany),
    get('/companies/{id}', getCompany),
    get('/companies/{id}/segments', listCompanySegments),
  ],
} as const;

const ROUTES: readonly Route[] = Object.entries(SCOPED).flatMap(([scope, routes]) =>
  routes.map(({ since, ...route }) => ({ ...route, scope, ...(since === undefined ? {} : { since }) })),
);

/** A request without its scope, of a plan or a version that does not have it. @throws ApiError */
const checkAllowed = (
  { behaviour }: Api,
  { scope, since }: Route,
  { path, query, version }: ApiRequest,
): void => {
  const { missingScopes, missingScopeStatus, planRestricted } = behaviour();
  if (since !== undefined && !isAtLeast(version, since))
    throw new ApiError(
      400,
      'intercom_version_invalid',
      'Requested resource is not available in current API version.',
    );
  if (planRestricted.some((beginning) => `${path}?${query.toString()}`.startsWith(beginning)))
    throw new ApiError(403, 'api_plan_restricted', 'Active subscription needed.');
  if (!missingScopes.includes(scope)) return;
  throw missingScopeStatus === 403
    ? new ApiError(403, 'forbidden', `You do not have the required scope (${scope}) to access this resource`)
    : new ApiError(401, 'token_unauthorized', 'Not authorized to access resource');
};

/** The operations of the API, by method and path. @throws ApiError */
export const createRouter = (api: Api) => {
  const routes: readonly Route[] = [
    { method: 'GET', path: '/companies/scroll', handle: createScroll(), scope: 'read_companies' },
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
    const asked = { ...request, id: idIn(found.pattern, request.path) };
    checkAllowed(api, found, asked);
    return shapePages(asVersion(found.handle(api, asked), request.version), request.path, api.behaviour());
  };
};

import { getArticle, searchArticles } from './records/articles.ts';
import { getCompany, getContact, listCompanies, searchContacts } from './records/contacts.ts';
import { getTicket, searchTickets } from './records/tickets.ts';
import { analyzeConversations } from './analyze-conversations.ts';
import { workspacesOf } from './asked-workspace.ts';
import type { QueryDeps } from './deps.ts';
import { describeWorkspace } from './describe-workspace.ts';
import { fetchConnector } from './fetch-connector.ts';
import { findSimilarConversations } from './find-similar-conversations.ts';
import { findTrends } from './find-trends.ts';
import { getConversation } from './get-conversation.ts';
import { getMirrorStatus } from './get-mirror-status.ts';
import { listArticles } from './list-articles.ts';
import { checkCoverage, mirrorInfo } from './mirror-info.ts';
import { searchConnector } from './search-connector.ts';
import { searchConversations } from './search-conversations.ts';
import { syncNow } from './sync-now.ts';
import type { QueryService } from './query-service.ts';

/** The use cases over one store; they hold no state of their own. */
export const createQueryService = (deps: QueryDeps): QueryService => ({
  searchContacts: (input, call) => searchContacts(deps, input, call),
  getContact: (input, call) => getContact(deps, input, call),
  listCompanies: (input, call) => listCompanies(deps, input, call),
  getCompany: (input, call) => getCompany(deps, input, call),
  searchTickets: (input, call) => searchTickets(deps, input, call),
  getTicket: (input, call) => getTicket(deps, input, call),
  searchArticles: (input, call) => searchArticles(deps, input, call),
  getArticle: (input, call) => getArticle(deps, input, call),
  analyzeConversations: (input, call) => analyzeConversations(deps, input, call),
  searchConversations: (input, call) => searchConversations(deps, input, call),
  findSimilarConversations: (input, call) => findSimilarConversations(deps, input, call),
  searchConnector: (input, call) => searchConnector(deps, input, call),
  fetchConnector: (input, call) => fetchConnector(deps, input, call),
  findTrends: (input, call) => findTrends(deps, input, call),
  getConversation: (input, call) => getConversation(deps, input, call),
  getSyncStatus: (input, call) => getMirrorStatus(deps, input, call),
  mirrorInfo: (input, call) => mirrorInfo(deps, input, call),
  checkCoverage: (input, call) => checkCoverage(deps, input, call),
  listArticles: (input, call) => listArticles(deps, input, call),
  listWorkspaces: async (call) => (await workspacesOf(deps, call)).map(({ aliases }) => aliases[0]),
  describeWorkspace: (input, call) => describeWorkspace(deps, input, call),
  syncNow: (input, call) => syncNow(deps, input, call),
});

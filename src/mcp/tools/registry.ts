import type { Tool } from '../define.ts';
import { analyzeConversations } from './analyze-conversations.ts';
import { checkCoverage } from './check-coverage.ts';
import { describeWorkspace } from './describe-workspace.ts';
import { fetchTool } from './fetch.ts';
import { findSimilarConversations } from './find-similar-conversations.ts';
import { findTrends } from './find-trends.ts';
import { forceSync } from './force-sync.ts';
import { getArticle } from './get-article.ts';
import { getCompany } from './get-company.ts';
import { getContact } from './get-contact.ts';
import { getConversation } from './get-conversation.ts';
import { getDataInfo } from './get-data-info.ts';
import { getServerStatus } from './get-server-status.ts';
import { getSyncStatus } from './get-sync-status.ts';
import { getTicket } from './get-ticket.ts';
import { listArticles } from './list-articles.ts';
import { listCompanies } from './list-companies.ts';
import { searchArticles } from './search-articles.ts';
import { searchContacts } from './search-contacts.ts';
import { searchConversations } from './search-conversations.ts';
import { searchTickets } from './search-tickets.ts';
import { search } from './search.ts';
import { syncConversations } from './sync-conversations.ts';
import { syncNow } from './sync-now.ts';

/** Every tool, by toolset (CONTRACT "MCP"), in the order that clients see. */
export const TOOLSETS = {
  conversations: [searchConversations, getConversation, findSimilarConversations],
  analytics: [analyzeConversations, findTrends],
  contacts: [searchContacts, getContact, listCompanies, getCompany],
  tickets: [searchTickets, getTicket],
  articles: [searchArticles, getArticle],
  workspace: [describeWorkspace, getSyncStatus, syncNow],
  connector: [search, fetchTool],
  compat: [getServerStatus, syncConversations, getDataInfo, checkCoverage, forceSync, listArticles],
} as const satisfies Readonly<Record<string, readonly Tool[]>>;

/** Toolsets that are listed only where somebody asks for them. */
export const OFF_BY_DEFAULT: ReadonlySet<string> = new Set(['compat', 'sql']);

/** Every tool, those of toolsets that are off by default, too, in the order that clients see. */
export const TOOLS: readonly Tool[] = Object.values(TOOLSETS).flat();

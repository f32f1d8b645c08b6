import type { FindSimilarInput, SimilarAnswer } from './similar-types.ts';
import type { AnalyzeAnswer, AnalyzeInput } from './analytics-types.ts';
import type { FindTrendsInput, TrendsAnswer } from './trend-types.ts';
import type {
  CoverageAnswer,
  CoverageInput,
  ListArticlesAnswer,
  ListArticlesInput,
  MirrorInfo,
} from './compat-types.ts';
import type {
  ConnectorDocument,
  ConnectorFetchInput,
  ConnectorSearchAnswer,
  ConnectorSearchInput,
} from './connector-types.ts';
import type {
  CallContext,
  ConversationAnswer,
  DescribeWorkspaceInput,
  GetConversationInput,
  MirrorStatusAnswer,
  SearchAnswer,
  SearchInput,
  SyncNowAnswer,
  SyncNowInput,
  WorkspaceDescription,
  WorkspaceInput,
} from './types.ts';

import type {
  GetRecordInput,
  ListCompaniesInput,
  RecordAnswer,
  RecordsAnswer,
  SearchArticlesInput,
  SearchContactsInput,
  SearchTicketsInput,
} from './records/record-types.ts';

/** The use cases that the protocol layer calls. All but syncNow answer from the local database only. */
export interface QueryService {
  searchContacts(input: SearchContactsInput, call?: CallContext): Promise<RecordsAnswer>;
  getContact(input: GetRecordInput, call?: CallContext): Promise<RecordAnswer>;
  listCompanies(input: ListCompaniesInput, call?: CallContext): Promise<RecordsAnswer>;
  getCompany(input: GetRecordInput, call?: CallContext): Promise<RecordAnswer>;
  searchTickets(input: SearchTicketsInput, call?: CallContext): Promise<RecordsAnswer>;
  getTicket(input: GetRecordInput, call?: CallContext): Promise<RecordAnswer>;
  searchArticles(input: SearchArticlesInput, call?: CallContext): Promise<RecordsAnswer>;
  getArticle(input: GetRecordInput, call?: CallContext): Promise<RecordAnswer>;
  analyzeConversations(input: AnalyzeInput, call?: CallContext): Promise<AnalyzeAnswer>;
  describeWorkspace(input: DescribeWorkspaceInput, call?: CallContext): Promise<WorkspaceDescription>;
  searchConversations(input: SearchInput, call?: CallContext): Promise<SearchAnswer>;
  findSimilarConversations(input: FindSimilarInput, call?: CallContext): Promise<SimilarAnswer>;
  searchConnector(input: ConnectorSearchInput, call?: CallContext): Promise<ConnectorSearchAnswer>;
  fetchConnector(input: ConnectorFetchInput, call?: CallContext): Promise<ConnectorDocument>;
  findTrends(input: FindTrendsInput, call?: CallContext): Promise<TrendsAnswer>;
  getConversation(input: GetConversationInput, call?: CallContext): Promise<ConversationAnswer>;
  /** Never an error because nothing is there yet. */
  getSyncStatus(input: WorkspaceInput, call?: CallContext): Promise<MirrorStatusAnswer>;
  /** Never an error because nothing is there yet. */
  mirrorInfo(input: WorkspaceInput, call?: CallContext): Promise<MirrorInfo>;
  checkCoverage(input: CoverageInput, call?: CallContext): Promise<CoverageAnswer>;
  listArticles(input: ListArticlesInput, call?: CallContext): Promise<ListArticlesAnswer>;
  /** The aliases of the workspaces that the mirror holds, one each. */
  listWorkspaces(call?: CallContext): Promise<readonly string[]>;
  syncNow(input: SyncNowInput, call?: CallContext): Promise<SyncNowAnswer>;
}

import type { Config } from '../config/config.ts';
import type { EntityName } from '../data/entity-names.ts';
import type { AnalyzeAnswer, AnalyzeInput } from '../query/analytics-types.ts';
import { exportConversations, type ExportOptions } from '../query/export-conversations.ts';
import { exportObjects } from '../query/export-objects.ts';
import type { FindSimilarInput, SimilarAnswer } from '../query/similar-types.ts';
import type {
  ConversationAnswer,
  ConversationHead,
  GetConversationInput,
  MirrorStatusAnswer,
  SearchAnswer,
  SearchInput,
  TranscriptPart,
  WorkspaceInput,
} from '../query/types.ts';
import type { FindTrendsInput, TrendsAnswer } from '../query/trend-types.ts';
import type {
  GetRecordInput,
  ListInput,
  RecordAnswer,
  RecordsAnswer,
} from '../query/records/record-types.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openApp } from './open-app.ts';

export type { AnalyzeAnswer, ComparedValue } from '../query/analytics-types.ts';
export type {
  RecordAnswer,
  RecordFields,
  RecordsAnswer,
  RecordValue,
} from '../query/records/record-types.ts';
export { refusalText } from '../query/access-words.ts';
export { progressText } from '../query/run-progress.ts';
export { ENTITIES, type EntityName } from '../data/entity-names.ts';
export type { SimilarAnswer } from '../query/similar-types.ts';
export type { TrendRow, TrendsAnswer } from '../query/trend-types.ts';
export type {
  ConversationHead,
  SearchAnswer,
  SearchHit,
  SearchInput,
  SyncStatusAnswer as WorkspaceStatus,
  TranscriptPart,
} from '../query/types.ts';

/** Most parts a page that the query layer gives. */
const ALL_PARTS = 1_000;

/** A conversation with all of its parts. */
export interface WholeConversation {
  readonly conversation: ConversationHead;
  readonly parts: readonly TranscriptPart[];
  readonly pagination: ConversationAnswer['pagination'];
  readonly metadata: ConversationAnswer['metadata'];
}

/** The state of the mirror with what only the database knows of itself. */
export type MirrorStatus = MirrorStatusAnswer & {
  readonly engine: 'sqlite' | 'postgres';
  readonly schema_version: number;
};

/** The tools' use cases for a terminal, over a database that is opened for reading only. */
export interface MirrorReader extends AsyncDisposable {
  search(input: SearchInput): Promise<SearchAnswer>;
  similar(input: FindSimilarInput): Promise<SimilarAnswer>;
  analyze(input: AnalyzeInput): Promise<AnalyzeAnswer>;
  readonly contacts: (input: ListInput) => Promise<RecordsAnswer>;
  readonly contact: (input: GetRecordInput) => Promise<RecordAnswer>;
  readonly tickets: (input: ListInput) => Promise<RecordsAnswer>;
  readonly ticket: (input: GetRecordInput) => Promise<RecordAnswer>;
  readonly articles: (input: ListInput) => Promise<RecordsAnswer>;
  readonly article: (input: GetRecordInput) => Promise<RecordAnswer>;
  trends(input: FindTrendsInput): Promise<TrendsAnswer>;
  show(input: Omit<GetConversationInput, 'cursor' | 'limit'>): Promise<WholeConversation>;
  /** Of one workspace, or of all. */
  status(input: WorkspaceInput): Promise<MirrorStatus>;
  exportLines(entity: EntityName, options: ExportOptions): AsyncIterable<string>;
}

/** @throws AppError STORE_NOT_FOUND where nothing was mirrored yet, STORE_* */
export const askMirror = async (config: Config, logger: Logger): Promise<MirrorReader> => {
  const app = await openApp({ config, logger, use: 'read' });
  const { query, store } = app;
  return {
    search: (input) => query.searchConversations(input),
    similar: (input) => query.findSimilarConversations(input),
    analyze: (input) => query.analyzeConversations(input),
    contacts: (input) => query.searchContacts(input),
    contact: (input) => query.getContact(input),
    tickets: (input) => query.searchTickets(input),
    ticket: (input) => query.getTicket(input),
    articles: (input) => query.searchArticles(input),
    article: (input) => query.getArticle(input),
    trends: (input) => query.findTrends(input),
    async show(input) {
      const first = await query.getConversation({ ...input, limit: ALL_PARTS });
      const parts = [...first.parts];
      let cursor = first.pagination.next_cursor;
      while (cursor !== null) {
        const page = await query.getConversation({ ...input, limit: ALL_PARTS, cursor });
        parts.push(...page.parts);
        cursor = page.pagination.next_cursor;
      }
      const { conversation, pagination, metadata } = first;
      const all = { ...pagination, limit: parts.length, has_more: false, next_cursor: null };
      return { conversation, parts, pagination: all, metadata };
    },
    async status(input) {
      const answer = await query.getSyncStatus(input);
      return { ...answer, engine: store.engine, schema_version: store.schemaVersion };
    },
    exportLines(entity, options) {
      const deps = { reader: store, logger };
      return entity === 'conversations'
        ? exportConversations(deps, options)
        : exportObjects(deps, entity, options);
    },
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
};

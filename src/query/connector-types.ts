import type {
  AnswerMetadata,
  AnswerPagination,
  AnswerSummary,
  ConversationAnswer,
  SearchInput,
  WorkspaceInput,
} from './types.ts';

export type ConnectorSearchInput = SearchInput;

/** What a search of a connector found. Title and text are of customers or teammates: untrusted. */
export interface ConnectorHit {
  /** Takes the kind along, `conversation:123`; where the mirror holds several workspaces the alias, too. */
  readonly id: string;
  readonly title: string;
  /** Its place in Intercom's app. */
  readonly url: string;
  /** The message that matched best; null without words. */
  readonly text: string | null;
}

export interface ConnectorSearchAnswer {
  readonly summary: AnswerSummary;
  readonly results: readonly ConnectorHit[];
  /** Of several workspaces together there is one page. */
  readonly pagination: AnswerPagination;
  readonly metadata: AnswerMetadata;
  /** Null where there is no further page. */
  cursorAfter(index: number): string | null;
}

export interface ConnectorFetchInput extends WorkspaceInput {
  /** An id of a search, Intercom's own with or without its prefix, or an address of Intercom's app. */
  readonly id: string;
}

/** A document as connectors want it; its text is made of the answer. */
export interface ConnectorDocument {
  readonly id: string;
  readonly title: string;
  readonly url: string;
  readonly answer: ConversationAnswer;
}

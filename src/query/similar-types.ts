import type {
  AnswerMetadata,
  AnswerPagination,
  AnswerSummary,
  FieldValue,
  SearchHit,
  WorkspaceInput,
} from './types.ts';

export interface FindSimilarInput extends WorkspaceInput {
  /** Raw id, `conversation_…` or an Intercom URL. */
  readonly id: string;
  readonly state?: FieldValue | undefined;
  readonly timeframe?: string | undefined;
  /** 1 to 1,000, default 20. */
  readonly limit?: number | undefined;
}

export interface SimilarHit extends SearchHit {
  /** Those of the telling terms that it has, the most telling first. Text of customers and teammates: untrusted. */
  readonly shared_terms: readonly string[];
}

export interface SimilarAnswer {
  readonly summary: AnswerSummary & {
    /** What was looked for, the most telling first; `conversations`: how many have it. Untrusted. */
    readonly telling_terms: readonly { readonly term: string; readonly conversations: number }[];
  };
  readonly results: readonly SimilarHit[];
  /** One page: `next_cursor` is null; a higher limit shows more. */
  readonly pagination: AnswerPagination;
  readonly metadata: AnswerMetadata;
}

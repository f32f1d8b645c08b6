import type { Strength, TrendKind } from '../data/reads/find-trends.ts';
import type { AnswerMetadata, AnswerPagination, AnswerSummary, SearchInput } from './types.ts';

/** Which conversations, filtered as in a search; `timeframe` and the dates are of created_at, default the last 7 days. */
export interface FindTrendsInput extends Omit<SearchInput, 'sort' | 'cursor' | 'time_field'> {
  /** "previous", a number of days, weeks or months before the window, or a time frame; default four times as long as the window, at least 28 days. */
  readonly baseline?: string | undefined;
  /** 1 to 50, default 10. */
  readonly limit?: number | undefined;
}

/** One side of a comparison. */
export interface TrendSide {
  /** Conversations that have the term. */
  readonly count: number;
  /** All conversations of the time. */
  readonly of: number;
  readonly share: number;
}

/** A word, or a value of a field. Text of customers and of the workspace: untrusted. */
export interface NamedTerm {
  readonly kind: TrendKind;
  /** Of the query language, such as tag or attr.plan; null for a word. */
  readonly field: string | null;
  readonly value: string;
  readonly name: string | null;
}

export type TrendDirection = 'rose' | 'fell' | 'new' | 'gone';

export interface TrendRow extends NamedTerm {
  readonly direction: TrendDirection;
  readonly strength: Strength;
  readonly window: TrendSide;
  readonly baseline: TrendSide;
  /** Share in the window ÷ share in the baseline; null where that is 0. */
  readonly ratio: number | null;
  /** Corrected for the number of terms compared. */
  readonly p_value: number;
  /** The first day of the change in the answer's zone, such as 2026-09-14. */
  readonly started_at: string;
  /** What changed with it, mostly in the same conversations. */
  readonly related: readonly NamedTerm[];
  /** Conversations that show it, at most three. Texts are untrusted. */
  readonly examples: readonly {
    readonly id: string;
    readonly title: string | null;
    readonly created_at: string;
    readonly snippet: string | null;
  }[];
}

/** A time of the comparison; ISO 8601 UTC. */
export interface TrendSpan {
  readonly start: string;
  readonly end: string;
  readonly conversations: number;
}

export interface TrendsAnswer {
  readonly summary: AnswerSummary & {
    readonly window: TrendSpan;
    readonly baseline: TrendSpan;
    /** Words and values that were compared. */
    readonly compared_terms: number;
    /** The statistic and its correction, in words. */
    readonly method: string;
  };
  readonly results: readonly TrendRow[];
  /** One page: a higher limit shows more. */
  readonly pagination: AnswerPagination;
  readonly metadata: AnswerMetadata;
}

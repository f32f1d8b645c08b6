import type { MetricValue } from '../data/reads/analyze-conversations.ts';
import type { AnswerMetadata, AnswerPagination, AnswerSummary, SearchInput } from './types.ts';

/** What is counted, of which conversations: filters and time as in a search, all words of the query needed. */
export interface AnalyzeInput extends Omit<SearchInput, 'sort'> {
  /** Names of metrics; default: created, first_response_time, time_to_close and csat. */
  readonly metrics?: readonly string[] | undefined;
  /** At most two dimensions; none: one row for all. */
  readonly group_by?: readonly string[] | undefined;
  /** Also the same number of days before the time frame. */
  readonly compare?: boolean | undefined;
  /** For recontact_rate; 1 to 365, default 7. */
  readonly recontact_days?: number | undefined;
}

/** A metric with what it was before, where a comparison was asked for. */
export interface ComparedValue extends MetricValue {
  readonly previous?: number | null;
  /** (now − before) ÷ before; null where that cannot be told. */
  readonly change?: number | null;
}

/** Values by the name of the metric. */
export type MetricValues = Readonly<Record<string, ComparedValue>>;

export interface AnalyzedGroup {
  /** One for each dimension. `value`: as filters take it. `name`: what it is called, where the value is an id. */
  readonly group: readonly { readonly by: string; readonly value: string; readonly name: string | null }[];
  readonly metrics: MetricValues;
}

export interface AnalyzeAnswer {
  /** `total_results`: groups there are. */
  readonly summary: AnswerSummary;
  readonly definitions: readonly {
    readonly metric: string;
    readonly unit: string;
    readonly statistic: string;
    readonly definition: string;
  }[];
  /** Over all groups, each conversation once. */
  readonly totals: MetricValues;
  readonly results: readonly AnalyzedGroup[];
  /** The time frame that `previous` is of; ISO 8601. */
  readonly compared_to: { readonly start: string; readonly end: string } | null;
  readonly pagination: AnswerPagination;
  readonly metadata: AnswerMetadata;
  cursorAfter(index: number): string;
}

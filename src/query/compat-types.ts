import type { ListedArticle } from '../data/reads/list-articles.ts';
import type { AnswerMetadata, MirrorStatusAnswer, WorkspaceInput } from './types.ts';

/** What FastIntercomMCP's status tools tell of the mirror, of all workspaces that are asked for (COMPETITORS B2). */
export interface MirrorInfo {
  readonly status: MirrorStatusAnswer;
  /** Messages and events. */
  readonly messages: number;
  /** Of the database, in bytes. */
  readonly bytes: number;
  /** Since the time up to which every change is in; null before the first complete sync. */
  readonly ageMinutes: number | null;
}

export interface CoverageInput extends WorkspaceInput {
  readonly start_date: string;
  readonly end_date: string;
}

export interface CoverageAnswer {
  /** Every conversation of the range is mirrored with its thread. */
  readonly covered: boolean;
  /** Some are. */
  readonly partly: boolean;
  /** Spans that are not mirrored, ISO 8601 UTC, half-open. */
  readonly gaps: readonly (readonly [string, string])[];
  /** created_at of the first conversation, and the time up to which all are in. */
  readonly range: { readonly start: string | null; readonly end: string | null };
  readonly reason: string;
  readonly info: MirrorInfo;
}

export interface ListArticlesInput extends WorkspaceInput {
  /** From 1. */
  readonly page?: number | undefined;
  /** 1 to 150, default 25. */
  readonly per_page?: number | undefined;
}

export interface ListArticlesAnswer {
  readonly articles: readonly ListedArticle[];
  readonly total: number;
  readonly page: number;
  readonly perPage: number;
  readonly metadata: AnswerMetadata;
}

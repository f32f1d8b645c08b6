import type { QueryTerm } from '../../lib/text/analyse.ts';

export type SearchTimeField = 'created_at' | 'updated_at' | 'closed_at' | 'message_at';

/** A message of a document: its terms in order, and whose it is (`roleBit`). */
export interface IndexedPart {
  readonly terms: readonly string[];
  readonly role: number;
}

/** A conversation as it is put into the index. */
export interface IndexDocument {
  /** Internal number of the conversation; the same for all of its versions. */
  readonly docId: number;
  /** See `keyOfId`. */
  readonly key: number;
  readonly times: Readonly<Record<SearchTimeField, number | null>>;
  readonly parts: readonly IndexedPart[];
  /** See `filterTerm`. */
  readonly filters: readonly string[];
}

/** What must occur: a sequence of terms, one after the other in one part. A single word is a sequence of one. */
export type Clause = readonly QueryTerm[];

export type SearchOrder = 'relevance' | 'newest' | 'oldest';

/** Where a page ended: the last row's own sort values. */
export interface SearchPosition {
  readonly score: number | null;
  readonly createdAt: number;
  readonly key: number;
  readonly docId: number;
}

export interface IndexQuery {
  readonly workspaceId: string;
  /** All of them must occur in the conversation; none: filters only. */
  readonly clauses: readonly Clause[];
  /** Of each group at least one filter term must be there; an empty group matches nothing. */
  readonly filters: readonly (readonly string[])[];
  /** Only these documents. */
  readonly docIds?: readonly number[];
  /** Half-open span in Unix seconds. */
  readonly time?: { readonly field: SearchTimeField; readonly start?: number; readonly end?: number };
  readonly order: SearchOrder;
  readonly limit: number;
  readonly after?: SearchPosition;
}

export interface IndexAnswer {
  /** Exact, unless `isCut`. */
  readonly total: number;
  /** A piece of a word stands in too many words: there may be more. */
  readonly isCut: boolean;
  readonly hits: readonly SearchPosition[];
  readonly hasMore: boolean;
}

/** A filter as a term: the text's terms hold letters, digits and marks only, so that the two never meet. */
export const filterTerm = (field: 'state' | 'admin' | 'team' | 'tag' | 'contact', value: string): string =>
  `:${field}=${value}`;

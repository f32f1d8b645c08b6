import type { QueryTerm } from '../../lib/text/analyse.ts';
import type { IndexedField } from './filter-fields.ts';
import type { DocMetrics } from './metric-columns.ts';

/** Longer names and values of custom attributes are told apart by their beginning. */
const MAX_NAME = 100;
const MAX_VALUE = 200;

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
  /** What analytics counts of it. */
  readonly metrics?: DocMetrics;
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

/** What a document must be like. */
export type IndexNode =
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly IndexNode[] }
  /** So many of the nodes hold. */
  | { readonly kind: 'atLeast'; readonly count: number; readonly nodes: readonly IndexNode[] }
  | { readonly kind: 'not'; readonly node: IndexNode }
  | { readonly kind: 'clause'; readonly clause: Clause }
  /** One of these filter terms. */
  | { readonly kind: 'terms'; readonly terms: readonly string[] }
  /** One of these documents. */
  | { readonly kind: 'docs'; readonly docIds: readonly number[] }
  /** Half-open span in Unix seconds. */
  | {
      readonly kind: 'time';
      readonly field: SearchTimeField;
      readonly start?: number;
      readonly end?: number;
    };

/** A clause that was not asked for and hints at what was, with its share of its own weight. */
export interface RelatedClause {
  readonly clause: Clause;
  readonly share: number;
}

/** What to do where fewer than `least` documents have all of the loose clauses. */
export interface Loosening {
  readonly least: number;
  /** `drop`: the commonest are left out, one by one, until as many are found. `some`: one of them is enough; those with all stand first. */
  readonly how: 'drop' | 'some';
  /** Also where nothing has all of them; then what stands nowhere is left out first. */
  readonly evenOfNone: boolean;
}

export interface Loosened {
  /** Places in `loose` that were left out. */
  readonly dropped: readonly number[];
  /** One of `loose` is enough. */
  readonly some: boolean;
}

export interface IndexQuery {
  readonly workspaceId: string;
  /** What must hold whatever happens. */
  readonly where: IndexNode;
  /** Words and phrases that must occur, too, in the order asked; `loosening` says when not all of them. They all rank. */
  readonly loose: readonly Clause[];
  /**
   * How much each wanted clause counts, in their order, 0 to 1: they are a bag of terms then, and how near they stand to each
   * other says nothing.
   */
  readonly shares?: readonly number[];
  /** What ranks beside them where only some of `loose` are there. */
  readonly related?: readonly RelatedClause[];
  /** When and how to ask for less; absent: never. */
  readonly loosening?: Loosening;
  /** How the first page was loosened. */
  readonly loosened?: Loosened;
  /** Whose messages count, as `roleBit`s; absent: everybody's. */
  readonly roles?: number;
  readonly order: SearchOrder;
  readonly limit: number;
  readonly after?: SearchPosition;
}

export interface IndexAnswer {
  /** Exact, unless `isCut`. */
  readonly total: number;
  /** With all of `loose`. */
  readonly strictTotal: number;
  readonly loosened: Loosened;
  /** A piece of a word stands in too many words: there may be more. */
  readonly isCut: boolean;
  readonly hits: readonly (SearchPosition & {
    /** It has some of `loose` only. */
    readonly partial: boolean;
    /** Places of the wanted clauses that it has; only where the question has `shares`. */
    readonly has: readonly number[];
  })[];
  readonly hasMore: boolean;
}

/** A filter as a term: the text's terms hold letters, digits and marks only, so that the two never meet. */
export const filterTerm = (field: IndexedField, value: string): string => `${fieldPrefix(field)}${value}`;

/** How the terms of a field begin. */
export const fieldPrefix = (field: IndexedField): string => `:${field}=`;
export const ATTRIBUTE_PREFIX = ':attr.';

/** A custom attribute as a term; name and value folded. */
export const attributeTerm = (name: string, value: string): string =>
  `${ATTRIBUTE_PREFIX}${name.slice(0, MAX_NAME)}=${value.slice(0, MAX_VALUE)}`;

/** Stands before each message of an author of this role, so that the place of a phrase tells whose it is. */
export const roleTerm = (role: number): string => `:from=${role}`;

/** The clauses that a document is wanted for, wherever they stand: not what is excluded. */
export const wantedClauses = (node: IndexNode): readonly Clause[] => {
  if (node.kind === 'clause') return [node.clause];
  return 'nodes' in node ? node.nodes.flatMap(wantedClauses) : [];
};

import type { IndexedField } from './search-index/filter-fields.ts';
import type { Clause, SearchTimeField } from './search-index/types.ts';

export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** A condition on conversations besides their words. A list without values matches nothing. */
export type SearchFilter =
  /** One of these values. */
  | { readonly by: IndexedField; readonly values: readonly string[] }
  /** A contact with this id, id of the customer's own, or address. */
  | { readonly by: 'person'; readonly value: string }
  /** Of a company with this id, id of the customer's own, or name (case and accents ignored). */
  | { readonly by: 'firm'; readonly value: string }
  /** A custom attribute, by its folded name, has this folded value, or a number or time that compares so. */
  | {
      readonly by: 'attribute';
      readonly name: string;
      readonly comparison: Comparison;
      readonly value: string;
    }
  | { readonly by: 'id'; readonly values: readonly string[] }
  /** Half-open span in Unix seconds. */
  | { readonly by: 'time'; readonly field: SearchTimeField; readonly start?: number; readonly end?: number };

/** What a conversation must be like: text and filters, put together. */
export type SearchNode =
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly SearchNode[] }
  | { readonly kind: 'not'; readonly node: SearchNode }
  | { readonly kind: 'clause'; readonly clause: Clause }
  | { readonly kind: 'filter'; readonly filter: SearchFilter };

import type { ConversationTable } from '../entities/conversation/table.ts';
import type { IndexedField } from './search-index/filter-fields.ts';
import type { Clause, SearchTimeField } from './search-index/types.ts';

export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** Columns of a conversation that the index holds no terms of; times in Unix seconds, durations in seconds (API-FACTS 6.4). */
export const FILTER_COLUMNS = [
  'id',
  'read',
  'created_at',
  'updated_at',
  'waiting_since',
  'snoozed_until',
  'source_author_type',
  'source_author_name',
  'source_author_email',
  'time_to_assignment',
  'time_to_admin_reply',
  'time_to_first_close',
  'time_to_last_close',
  'median_time_to_reply',
  'first_contact_reply_at',
  'first_assignment_at',
  'first_admin_reply_at',
  'first_close_at',
  'last_assignment_at',
  'last_assignment_admin_reply_at',
  'last_contact_reply_at',
  'last_admin_reply_at',
  'closed_at',
  'count_assignments',
  'count_reopens',
  'count_conversation_parts',
] as const satisfies readonly (keyof ConversationTable)[];
export type FilterColumn = (typeof FILTER_COLUMNS)[number];

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
  /** A column of the conversation compares so: `=` one of the values, `!=` none of them (also where it is empty). */
  | {
      readonly by: 'column';
      readonly column: FilterColumn;
      readonly comparison: Comparison | '!=';
      readonly values: readonly (string | number)[];
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

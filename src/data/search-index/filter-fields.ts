/** What the index holds of a conversation as a term of its own; of each there may be several. */
export type IndexedField =
  | 'state'
  | 'admin'
  | 'team'
  | 'tag'
  | 'contact'
  | 'company'
  | 'priority'
  | 'channel'
  | 'csat'
  | 'fin'
  | 'sla'
  | 'sla_name'
  | 'reopens'
  | 'has'
  | 'language';

/** Stands for "has none" where a field may be empty. */
export const NONE = 'none';
/** Reopened so often or more. */
export const MAX_REOPENS = 10;

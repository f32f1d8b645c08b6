/** Rows of a conversation. Times are Unix seconds, flags 0 or 1, ids text. */
export interface ConversationTable {
  workspace_id: string;
  id: string;
  /** Joins the row to its search document and payload; internal, not Intercom's. */
  doc_id: number;
  title: string | null;
  state: string | null;
  open: number | null;
  read: number | null;
  priority: string | null;
  created_at: number;
  updated_at: number;
  waiting_since: number | null;
  snoozed_until: number | null;
  closed_at: number | null;
  source_type: string | null;
  source_delivered_as: string | null;
  source_author_type: string | null;
  source_author_id: string | null;
  source_author_name: string | null;
  source_author_email: string | null;
  admin_assignee_id: string | null;
  team_assignee_id: string | null;
  company_id: string | null;
  rating: number | null;
  rating_remark: string | null;
  sla_name: string | null;
  sla_status: string | null;
  ai_agent_participated: number | null;
  ai_agent_resolution_state: string | null;
  time_to_admin_reply: number | null;
  time_to_first_close: number | null;
  count_reopens: number | null;
  /** The rest of `statistics`; what ends in `_at` are times, `time_` and `handling_` seconds as given (TRAPS T39). */
  time_to_assignment: number | null;
  time_to_last_close: number | null;
  median_time_to_reply: number | null;
  handling_time: number | null;
  adjusted_handling_time: number | null;
  first_contact_reply_at: number | null;
  first_assignment_at: number | null;
  first_admin_reply_at: number | null;
  first_close_at: number | null;
  last_assignment_at: number | null;
  last_assignment_admin_reply_at: number | null;
  last_contact_reply_at: number | null;
  last_admin_reply_at: number | null;
  last_closed_by_id: string | null;
  count_assignments: number | null;
  count_conversation_parts: number | null;
  /** When the rating was asked for, and given (API-FACTS 6.5). */
  rating_created_at: number | null;
  rating_updated_at: number | null;
  rating_teammate_id: string | null;
  ai_agent_source_type: string | null;
  ai_agent_last_answer_type: string | null;
  ai_agent_rating: number | null;
  /** created_at of the newest stored part that carries text. */
  message_at: number | null;
  /** Parts that Intercom says exist, the opening message not counted. */
  part_count: number;
  /** 1 when the last answer held fewer parts than exist (Intercom's cap is 500, API-FACTS 5.1). */
  parts_truncated: number;
  /** 1 once a thread was fetched. */
  hydrated: number;
  /** updated_at of the stored thread's object; null before. */
  thread_updated_at: number | null;
  /** Server time of the answer that brought the thread, Unix seconds. */
  thread_fetched_at: number | null;
  /** statistics.count_conversation_parts of the thread's object. */
  thread_stat_parts: number | null;
  /** Hash of the JSON that the last listing showed: a change without a newer updated_at shows here (API-FACTS 5.1). */
  listed_hash: string | null;
  /** Server time of the answer that the columns come from, Unix seconds. */
  fetched_at: number;
  deleted_at: number | null;
}

/** What the storage adds to the columns of a payload. */
type Derived =
  | 'workspace_id'
  | 'doc_id'
  | 'message_at'
  | 'part_count'
  | 'parts_truncated'
  | 'hydrated'
  | 'thread_updated_at'
  | 'thread_fetched_at'
  | 'thread_stat_parts'
  | 'listed_hash'
  | 'fetched_at'
  | 'deleted_at';
/** A conversation's columns that come from its payload alone, list item or full object. */
export type ConversationColumns = Omit<ConversationTable, Derived>;

/**
 * What a conversation holds besides its columns. The thread stands first: it is read far more often than the rest, and a
 * row is read from its beginning.
 */
export interface ConversationContentTable {
  workspace_id: string;
  doc_id: number;
  /** Its parts (`packThread`). */
  thread: Uint8Array;
  /** The JSON of Intercom, compressed, exactly as received (`packPayload`). */
  payload: Uint8Array;
  /** The JSON of a later listing, where one was newer than the thread; its fields count, the parts are the payload's. */
  head: Uint8Array | null;
  /** JSON array of parts that Intercom gave earlier and no longer does (beyond its cap), oldest first. */
  older_parts: Uint8Array | null;
}

/** A part of a thread as it is read: the opening message or one of Intercom's conversation parts. */
export interface ThreadPart {
  /** Position in the thread; 0 is the opening message. */
  readonly position: number;
  readonly id: string;
  /** `source` for the opening message, else Intercom's part_type. */
  readonly part_type: string;
  readonly author_type: string | null;
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly author_email: string | null;
  /** Unix seconds. */
  readonly created_at: number;
  /** Plain text of the body; null without one. */
  readonly text: string | null;
  /** Files that hang on it; absent where there are none. Pasted images stand in the body (API-FACTS 6.13). */
  readonly attachments?: number;
}

export interface ConversationContactTable {
  workspace_id: string;
  conversation_id: string;
  contact_id: string;
}

export interface ConversationTagTable {
  workspace_id: string;
  conversation_id: string;
  tag_id: string;
  /** Name at the time of the fetch; the tags table has the current one. */
  name: string | null;
}

interface Evaluation {
  workspace_id: string;
  conversation_id: string;
  /** Place in Intercom's list, from 0. */
  position: number;
  /** Unix seconds. */
  evaluated_at: number | null;
  /** updated_at of the conversation when its listing showed this. */
  conversation_updated_at: number;
  /** Intercom's JSON of it, compressed (`packPayload`). */
  payload: Uint8Array;
}

/** What a QA monitor found in a conversation. */
export interface MonitorEvaluationTable extends Evaluation {
  monitor_id: string | null;
  monitor_name: string | null;
  monitor_type: string | null;
  result: string | null;
  explanation: string | null;
}

/** A QA scorecard of a conversation; the answers of its evaluators stand in its payload. */
export interface ScorecardTable extends Evaluation {
  scorecard_id: string | null;
  scorecard_version_id: string | null;
  name: string | null;
  scorecard_type: string | null;
  passed: number | null;
  /** As given; 0 to 1 in Intercom's examples. */
  score: number | null;
  ai_score: number | null;
  /** `ai` or `admin`. */
  reviewed_type: string | null;
  reviewed_admin_id: string | null;
}

/** Columns that come from the JSON of one evaluation, and that JSON, character for character. */
type Mapped<Table extends Evaluation> = Omit<
  Table,
  'workspace_id' | 'conversation_id' | 'position' | 'conversation_updated_at' | 'payload'
> & { readonly json: string };

export type MappedMonitorEvaluation = Mapped<MonitorEvaluationTable>;
export type MappedScorecard = Mapped<ScorecardTable>;

/** Those of a conversation, in Intercom's order; a list that an answer does not show is not there. */
export interface MappedEvaluations {
  readonly monitors?: readonly MappedMonitorEvaluation[];
  readonly scorecards?: readonly MappedScorecard[];
}

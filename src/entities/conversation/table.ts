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
  /** created_at of the newest part that carries text. */
  message_at: number | null;
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
  /** Parts that Intercom says exist, the opening message not counted. */
  part_count: number;
  /** 1 when Intercom gave fewer parts than exist (its cap is 500, API-FACTS 5.1). */
  parts_truncated: number;
  /** 1 once the whole thread was fetched. */
  hydrated: number;
  /** updated_at of the fetched thread; null before. */
  hydrated_updated_at: number | null;
  /** Server time of the fetch, Unix seconds. */
  fetched_at: number;
  deleted_at: number | null;
}

/** The JSON of Intercom, compressed, exactly as received. */
export interface ConversationPayloadTable {
  workspace_id: string;
  conversation_id: string;
  payload: Uint8Array;
}

export interface ConversationPartTable {
  workspace_id: string;
  conversation_id: string;
  /** 0 is the opening message. */
  position: number;
  id: string;
  part_type: string;
  author_type: string | null;
  author_id: string | null;
  author_name: string | null;
  author_email: string | null;
  created_at: number;
  /** Plain text of the body; null without one. */
  text: string | null;
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

export interface TicketTable {
  workspace_id: string;
  /** Id of the API; the one that people see is `ticket_id` (API-FACTS 5.2). */
  id: string;
  /** The number that the Inbox shows; good for no request (TRAPS T24). */
  ticket_id: string | null;
  ticket_type_id: string | null;
  ticket_type_name: string | null;
  /** Customer, Back-office or Tracker. */
  category: string | null;
  ticket_state_id: string | null;
  /** Category of its state: submitted, in_progress, waiting_on_customer, resolved. */
  state: string | null;
  title: string | null;
  description: string | null;
  open: number | null;
  is_shared: number | null;
  snoozed_until: number | null;
  admin_assignee_id: string | null;
  team_assignee_id: string | null;
  created_at: number;
  updated_at: number;
  /** Parts that Intercom says exist. */
  part_count: number;
  /** 1 when the answer held fewer (Intercom's cap is 500, API-FACTS 5.2). */
  parts_truncated: number;
  payload: Uint8Array;
  fetched_at: number;
  deleted_at: number | null;
}

export interface TicketContactTable {
  workspace_id: string;
  ticket_id: string;
  contact_id: string;
}

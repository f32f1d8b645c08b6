export interface CompanyTable {
  workspace_id: string;
  id: string;
  /** The customer's own id, not Intercom's. */
  company_id: string | null;
  name: string | null;
  /** Folded, for look-ups: both engines compare bytes. */
  name_key: string | null;
  /** Name of its plan. */
  plan: string | null;
  size: number | null;
  website: string | null;
  industry: string | null;
  /** May have a fraction (API-FACTS 5.4). */
  monthly_spend: number | null;
  session_count: number | null;
  user_count: number | null;
  remote_created_at: number | null;
  created_at: number | null;
  updated_at: number | null;
  last_request_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** The listing that showed it last. */
  listed_in: string | null;
  /** 0: no complete listing shows it, and Intercom has it all the same: it has no users (API-FACTS 5.4, TRAPS T12). */
  listed: number;
  /** Set when GET /companies/{id} said twice that it is gone. */
  deleted_at: number | null;
}

export interface ContactTable {
  workspace_id: string;
  id: string;
  external_id: string | null;
  role: string | null;
  name: string | null;
  email: string | null;
  /** Lower-cased, for look-ups: both engines compare bytes. */
  email_key: string | null;
  phone: string | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  deleted_at: number | null;
}

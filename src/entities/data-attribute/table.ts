export interface DataAttributeTable {
  workspace_id: string;
  /** Model, and the id or, where Intercom gives none, the full name (API-FACTS 5.7). */
  object_key: string;
  id: string | null;
  model: string;
  name: string | null;
  full_name: string;
  label: string | null;
  description: string | null;
  data_type: string | null;
  custom: number | null;
  archived: number | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

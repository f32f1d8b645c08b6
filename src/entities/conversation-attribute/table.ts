export interface ConversationAttributeTable {
  workspace_id: string;
  /** The id or, where Intercom gives none, the name: names need not be unique (API-FACTS 5.7). */
  object_key: string;
  id: string | null;
  name: string | null;
  description: string | null;
  data_type: string | null;
  required: number | null;
  archived: number | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

export interface SubscriptionTypeTable {
  workspace_id: string;
  id: string;
  name: string | null;
  state: string | null;
  consent_type: string | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

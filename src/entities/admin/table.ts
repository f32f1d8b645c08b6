export interface AdminTable {
  workspace_id: string;
  id: string;
  name: string | null;
  email: string | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since old parts refer to it. */
  deleted_at: number | null;
}

export interface TeamTable {
  workspace_id: string;
  id: string;
  name: string | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since old parts refer to it. */
  deleted_at: number | null;
}

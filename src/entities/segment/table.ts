export interface SegmentTable {
  workspace_id: string;
  id: string;
  name: string | null;
  person_type: string | null;
  count: number | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

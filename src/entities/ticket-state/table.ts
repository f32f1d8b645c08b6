export interface TicketStateTable {
  workspace_id: string;
  id: string;
  category: string | null;
  internal_label: string | null;
  external_label: string | null;
  archived: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

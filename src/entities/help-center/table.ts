export interface HelpCenterTable {
  workspace_id: string;
  id: string;
  identifier: string | null;
  display_name: string | null;
  url: string | null;
  custom_domain: string | null;
  is_default: number | null;
  website_turned_on: number | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

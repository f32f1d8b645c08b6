export interface OfficeHoursScheduleTable {
  workspace_id: string;
  id: string;
  name: string | null;
  time_zone_name: string | null;
  twenty_four_seven: number | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

export interface ArticleTable {
  workspace_id: string;
  id: string;
  title: string | null;
  description: string | null;
  state: string | null;
  url: string | null;
  author_id: string | null;
  default_locale: string | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  /** The listing that showed it last; what a complete one did not show is gone. */
  listed_in: string | null;
  /** Set when the object is absent from a complete listing; the row stays, since others refer to it. */
  deleted_at: number | null;
}

export interface ContactTable {
  workspace_id: string;
  id: string;
  external_id: string | null;
  role: string | null;
  name: string | null;
  email: string | null;
  /** Lower-cased, for look-ups: both engines compare bytes. */
  email_key: string | null;
  phone: string | null;
  created_at: number | null;
  updated_at: number | null;
  payload: Uint8Array;
  fetched_at: number;
  deleted_at: number | null;
}

/** What hangs on a contact: what Intercom embeds in it, and where it embeds a part only, what it was asked for. */
export interface ContactTagTable {
  workspace_id: string;
  contact_id: string;
  tag_id: string;
}

export interface ContactCompanyTable {
  workspace_id: string;
  contact_id: string;
  company_id: string;
}

/** Intercom names the members of a segment in no object; they are searched for, segment by segment. */
export interface ContactSegmentTable {
  workspace_id: string;
  contact_id: string;
  segment_id: string;
}

export interface ContactNoteTable {
  workspace_id: string;
  contact_id: string;
  note_id: string;
  author_id: string | null;
  created_at: number | null;
  /** Null while only the id is known: the text comes with GET /contacts/{id}/notes. */
  payload: Uint8Array | null;
}

/**
 * The schema of the embedded engine, one entry a version, in order. An entry that was released is never edited:
 * a change is a new entry. Text compares by bytes (BINARY is SQLite's default).
 */
export const SQLITE_MIGRATIONS: readonly {
  readonly version: number;
  readonly statements: readonly string[];
}[] = [
  {
    version: 1,
    statements: [
      `create table settings (name text primary key, value text not null) strict, without rowid`,
      `create table workspaces (id text primary key, name text, region text, time_zone text not null) strict, without rowid`,
      `create table workspace_aliases (
        alias text primary key, workspace_id text not null references workspaces (id)
      ) strict, without rowid`,
      `create table conversations (
        workspace_id text not null, id text not null, doc_id integer not null unique,
        title text, state text, open integer, read integer, priority text,
        created_at integer not null, updated_at integer not null, waiting_since integer, snoozed_until integer,
        closed_at integer,
        source_type text, source_delivered_as text, source_author_type text, source_author_id text,
        source_author_name text, source_author_email text,
        admin_assignee_id text, team_assignee_id text, company_id text,
        rating integer, rating_remark text, sla_name text, sla_status text,
        ai_agent_participated integer, ai_agent_resolution_state text,
        time_to_admin_reply integer, time_to_first_close integer, count_reopens integer,
        message_at integer, part_count integer not null, parts_truncated integer not null, hydrated integer not null,
        thread_updated_at integer, thread_fetched_at integer, thread_stat_parts integer, listed_hash text,
        fetched_at integer not null, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create index conversations_by_created on conversations (workspace_id, created_at, id)`,
      `create table conversation_contents (
        workspace_id text not null, doc_id integer not null, thread blob not null, payload blob not null,
        head blob, older_parts blob,
        primary key (workspace_id, doc_id)
      ) strict`,
      `create table conversation_contacts (
        workspace_id text not null, conversation_id text not null, contact_id text not null,
        primary key (workspace_id, conversation_id, contact_id)
      ) strict, without rowid`,
      `create table conversation_tags (
        workspace_id text not null, conversation_id text not null, tag_id text not null, name text,
        primary key (workspace_id, conversation_id, tag_id)
      ) strict, without rowid`,
      `create table contacts (
        workspace_id text not null, id text not null, external_id text, role text, name text, email text, email_key text,
        phone text, created_at integer, updated_at integer, payload blob not null, fetched_at integer not null,
        deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create index contacts_by_email on contacts (workspace_id, email_key)`,
      ...['admins', 'teams', 'tags'].map(
        (table) => `create table ${table} (
          workspace_id text not null, id text not null, name text, ${table === 'admins' ? 'email text, ' : ''}payload blob not null,
          fetched_at integer not null, deleted_at integer,
          primary key (workspace_id, id)
        ) strict`,
      ),
      `create table sync_states (
        workspace_id text not null, entity text not null, watermark integer, backfilled integer not null,
        completed_at integer, full_at integer, error_code text,
        primary key (workspace_id, entity)
      ) strict, without rowid`,
      `create table mirror_counts (
        workspace_id text not null, entity text not null, stored integer not null, hydrated integer not null,
        primary key (workspace_id, entity)
      ) strict, without rowid`,
      `create table sync_scans (
        workspace_id text not null, entity text not null, kind text not null, scan_id text not null, field text not null,
        started_at integer not null, since integer not null,
        primary key (workspace_id, entity, kind)
      ) strict, without rowid`,
      `create table sync_windows (
        workspace_id text not null, scan_id text not null, window_no integer not null,
        lower_bound integer not null, upper_bound integer not null, next_cursor text, done integer not null,
        primary key (workspace_id, scan_id, window_no)
      ) strict, without rowid`,
      `create table fetch_queue (
        workspace_id text not null, entity text not null, id text not null, priority integer not null,
        wanted_updated_at integer not null, since integer not null, created_at integer not null, attempts integer not null,
        misses integer not null, missed_at integer, not_before integer not null, error_code text,
        primary key (workspace_id, entity, id)
      ) strict`,
      `create index fetch_queue_next on fetch_queue (workspace_id, entity, priority, created_at desc, id)`,
      `create index fetch_queue_since on fetch_queue (workspace_id, entity, since)`,
      `create index fetch_queue_failed on fetch_queue (workspace_id, entity, attempts)`,
      `create table sync_leases (
        workspace_id text primary key, holder text, epoch integer not null, expires_at integer not null
      ) strict, without rowid`,
      `create table sync_runs (
        workspace_id text not null, run_id text not null, epoch integer not null, started_at integer not null,
        finished_at integer, status text not null, requests integer not null, result text,
        primary key (workspace_id, run_id)
      ) strict`,
      `create table sync_requests (
        workspace_id text not null, request_id text not null, scope text not null, requested_at integer not null,
        finished_at integer, result text,
        primary key (workspace_id, request_id)
      ) strict`,
      // The index of every message is ours (docs/adr/0006): the engine stores its segments and knows nothing of words.
      `create table search_segments (
        workspace_id text not null, segment_id integer not null, doc_count integer not null, dead_count integer not null,
        first_terms blob not null, vocabulary blob not null, docs blob not null, dead blob,
        primary key (workspace_id, segment_id)
      ) strict`,
      `create table search_blocks (
        workspace_id text not null, block_id integer not null, postings blob not null, positions blob not null,
        primary key (workspace_id, block_id)
      ) strict`,
      `create table search_state (
        workspace_id text primary key, generation integer not null, next_segment integer not null
      ) strict, without rowid`,
    ],
  },
  {
    version: 2,
    statements: [
      `create table sync_wakes (
        workspace_id text not null, entity text not null, id text not null, received_at integer not null,
        primary key (workspace_id, entity, id)
      ) strict, without rowid`,
      `alter table sync_runs add column progress text`,
    ],
  },
];

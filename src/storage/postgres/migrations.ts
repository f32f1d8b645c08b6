/**
 * The schema of the server engine, one entry a version, in order. An entry that was released is never edited: a change
 * is a new entry. Text that is compared or sorted has the "C" collation, so that both engines agree (ARCHITECTURE 2).
 */
const text = 'text collate "C"';

export const POSTGRES_MIGRATIONS: readonly {
  readonly version: number;
  readonly statements: readonly string[];
}[] = [
  {
    version: 1,
    statements: [
      `create table settings (name ${text} primary key, value ${text} not null)`,
      `create table workspaces (id ${text} primary key, name ${text}, region ${text}, time_zone ${text} not null)`,
      `create table workspace_aliases (alias ${text} primary key, workspace_id ${text} not null references workspaces (id))`,
      `create sequence conversation_doc_ids`,
      `create table conversations (
        workspace_id ${text} not null, id ${text} not null, doc_id bigint not null unique,
        title ${text}, state ${text}, open smallint, read smallint, priority ${text},
        created_at bigint not null, updated_at bigint not null, waiting_since bigint, snoozed_until bigint,
        closed_at bigint,
        source_type ${text}, source_delivered_as ${text}, source_author_type ${text}, source_author_id ${text},
        source_author_name ${text}, source_author_email ${text},
        admin_assignee_id ${text}, team_assignee_id ${text}, company_id ${text},
        rating bigint, rating_remark ${text}, sla_name ${text}, sla_status ${text},
        ai_agent_participated smallint, ai_agent_resolution_state ${text},
        time_to_admin_reply bigint, time_to_first_close bigint, count_reopens bigint,
        message_at bigint, part_count bigint not null, parts_truncated smallint not null, hydrated smallint not null,
        thread_updated_at bigint, thread_fetched_at bigint, thread_stat_parts bigint, listed_hash ${text},
        fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create index conversations_by_created on conversations (workspace_id, created_at, id)`,
      `create table conversation_contents (
        workspace_id ${text} not null, doc_id bigint not null, thread bytea not null, payload bytea not null,
        head bytea, older_parts bytea,
        primary key (workspace_id, doc_id)
      )`,
      // All of it is compressed already.
      `alter table conversation_contents alter column thread set storage external, alter column payload set storage external,
        alter column head set storage external, alter column older_parts set storage external`,
      `create table conversation_contacts (
        workspace_id ${text} not null, conversation_id ${text} not null, contact_id ${text} not null,
        primary key (workspace_id, conversation_id, contact_id)
      )`,
      `create table conversation_tags (
        workspace_id ${text} not null, conversation_id ${text} not null, tag_id ${text} not null, name ${text},
        primary key (workspace_id, conversation_id, tag_id)
      )`,
      `create table contacts (
        workspace_id ${text} not null, id ${text} not null, external_id ${text}, role ${text}, name ${text},
        email ${text}, email_key ${text}, phone ${text}, created_at bigint, updated_at bigint,
        payload bytea not null, fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create index contacts_by_email on contacts (workspace_id, email_key)`,
      ...['admins', 'teams', 'tags'].map(
        (table) => `create table ${table} (
          workspace_id ${text} not null, id ${text} not null, name ${text}, ${table === 'admins' ? `email ${text}, ` : ''}payload bytea not null,
          fetched_at bigint not null, deleted_at bigint,
          primary key (workspace_id, id)
        )`,
      ),
      `create table sync_states (
        workspace_id ${text} not null, entity ${text} not null, watermark bigint, backfilled smallint not null,
        completed_at bigint, full_at bigint, error_code ${text},
        primary key (workspace_id, entity)
      )`,
      `create table mirror_counts (
        workspace_id ${text} not null, entity ${text} not null, stored bigint not null, hydrated bigint not null,
        primary key (workspace_id, entity)
      )`,
      `create table sync_scans (
        workspace_id ${text} not null, entity ${text} not null, kind ${text} not null, scan_id ${text} not null, field ${text} not null,
        started_at bigint not null, since bigint not null,
        primary key (workspace_id, entity, kind)
      )`,
      `create table sync_windows (
        workspace_id ${text} not null, scan_id ${text} not null, window_no integer not null,
        lower_bound bigint not null, upper_bound bigint not null, next_cursor ${text}, done smallint not null,
        primary key (workspace_id, scan_id, window_no)
      )`,
      `create table fetch_queue (
        workspace_id ${text} not null, entity ${text} not null, id ${text} not null, priority integer not null,
        wanted_updated_at bigint not null, since bigint not null, created_at bigint not null, attempts integer not null,
        misses integer not null, missed_at bigint, not_before bigint not null, error_code ${text},
        primary key (workspace_id, entity, id)
      )`,
      `create index fetch_queue_next on fetch_queue (workspace_id, entity, priority, created_at desc, id)`,
      `create index fetch_queue_since on fetch_queue (workspace_id, entity, since)`,
      `create index fetch_queue_failed on fetch_queue (workspace_id, entity, attempts)`,
      `create table sync_leases (
        workspace_id ${text} primary key, holder ${text}, epoch bigint not null, expires_at bigint not null
      )`,
      `create table sync_runs (
        workspace_id ${text} not null, run_id ${text} not null, epoch bigint not null, started_at bigint not null,
        finished_at bigint, status ${text} not null, requests bigint not null, result ${text},
        primary key (workspace_id, run_id)
      )`,
      `create table sync_requests (
        workspace_id ${text} not null, request_id ${text} not null, scope ${text} not null, requested_at bigint not null,
        finished_at bigint, result ${text},
        primary key (workspace_id, request_id)
      )`,
      // The index of every message is ours (docs/adr/0006): the engine stores its segments and knows nothing of words.
      `create table search_segments (
        workspace_id ${text} not null, segment_id bigint not null, doc_count integer not null, dead_count integer not null,
        first_terms bytea not null, vocabulary bytea not null, docs bytea not null, dead bytea,
        primary key (workspace_id, segment_id)
      )`,
      `create table search_blocks (
        workspace_id ${text} not null, block_id bigint not null, postings bytea not null, positions bytea not null,
        primary key (workspace_id, block_id)
      )`,
      // Packed as tightly as it goes: a second compression would only cost time.
      `alter table search_segments alter column docs set storage external, alter column vocabulary set storage external`,
      `alter table search_blocks alter column postings set storage external, alter column positions set storage external`,
      `create table search_state (
        workspace_id ${text} primary key, generation bigint not null, next_segment bigint not null
      )`,
    ],
  },
  {
    version: 2,
    statements: [
      `create table sync_wakes (
        workspace_id ${text} not null, entity ${text} not null, id ${text} not null, received_at bigint not null,
        primary key (workspace_id, entity, id)
      )`,
      `alter table sync_runs add column progress ${text}`,
    ],
  },
];

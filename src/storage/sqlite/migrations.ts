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
      `create table coverage_windows (
        workspace_id text not null, entity text not null, window_start integer not null, window_end integer not null,
        begun_at integer not null, completed_at integer, listed integer not null, stored integer,
        missing integer not null, outdated integer not null, incomplete integer not null, absent integer not null,
        primary key (workspace_id, entity, window_start)
      ) strict, without rowid`,
      `create table contact_aliases (
        workspace_id text not null, id text not null, contact_id text not null, merged_at integer not null,
        primary key (workspace_id, id)
      ) strict, without rowid`,
      `create table purge_queue (
        workspace_id text not null, doc_id integer not null, times integer not null,
        primary key (workspace_id, doc_id)
      ) strict, without rowid`,
      ...[
        'time_to_assignment integer',
        'time_to_last_close integer',
        'median_time_to_reply integer',
        'handling_time integer',
        'adjusted_handling_time integer',
        'first_contact_reply_at integer',
        'first_assignment_at integer',
        'first_admin_reply_at integer',
        'first_close_at integer',
        'last_assignment_at integer',
        'last_assignment_admin_reply_at integer',
        'last_contact_reply_at integer',
        'last_admin_reply_at integer',
        'count_assignments integer',
        'count_conversation_parts integer',
        'rating_created_at integer',
        'rating_updated_at integer',
        'ai_agent_rating integer',
        'last_closed_by_id text',
        'rating_teammate_id text',
        'ai_agent_source_type text',
        'ai_agent_last_answer_type text',
      ].map((column) => `alter table conversations add column ${column}`),
      `create table segments (
        workspace_id text not null, id text not null, name text, person_type text, count integer,
        created_at integer, updated_at integer, payload blob not null, fetched_at integer not null,
        deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table ticket_types (
        workspace_id text not null, id text not null, name text, description text, category text, icon text,
        archived integer, is_internal integer, created_at integer, updated_at integer, payload blob not null,
        fetched_at integer not null, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table ticket_states (
        workspace_id text not null, id text not null, category text, internal_label text, external_label text,
        archived integer, payload blob not null, fetched_at integer not null, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table subscription_types (
        workspace_id text not null, id text not null, name text, state text, consent_type text,
        payload blob not null, fetched_at integer not null, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table help_centers (
        workspace_id text not null, id text not null, identifier text, display_name text, url text,
        custom_domain text, is_default integer, website_turned_on integer, created_at integer,
        updated_at integer, payload blob not null, fetched_at integer not null, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table brands (
        workspace_id text not null, id text not null, name text, is_default integer, help_center_id text,
        created_at integer, updated_at integer, payload blob not null, fetched_at integer not null,
        deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table office_hours_schedules (
        workspace_id text not null, id text not null, name text, time_zone_name text, twenty_four_seven integer,
        created_at integer, updated_at integer, payload blob not null, fetched_at integer not null,
        deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table data_attributes (
        workspace_id text not null, object_key text not null, id text, model text not null, name text,
        full_name text not null, label text, description text, data_type text, custom integer, archived integer,
        created_at integer, updated_at integer, payload blob not null, fetched_at integer not null,
        deleted_at integer,
        primary key (workspace_id, object_key)
      ) strict`,
      `create table conversation_attributes (
        workspace_id text not null, object_key text not null, id text, name text, description text,
        data_type text, required integer, archived integer, created_at integer, updated_at integer,
        payload blob not null, fetched_at integer not null, deleted_at integer,
        primary key (workspace_id, object_key)
      ) strict`,
      `create table articles (
        workspace_id text not null, id text not null, title text, description text, state text, url text,
        author_id text, default_locale text, created_at integer, updated_at integer, payload blob not null,
        fetched_at integer not null, listed_in text, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table collections (
        workspace_id text not null, id text not null, name text, description text, url text, parent_id text,
        help_center_id text, default_locale text, created_at integer, updated_at integer, payload blob not null,
        fetched_at integer not null, listed_in text, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table internal_articles (
        workspace_id text not null, id text not null, title text, owner_id text, author_id text, locale text,
        created_at integer, updated_at integer, payload blob not null, fetched_at integer not null,
        listed_in text, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table macros (
        workspace_id text not null, id text not null, name text, visible_to text, created_at integer,
        updated_at integer, payload blob not null, fetched_at integer not null, listed_in text,
        deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table companies (
        workspace_id text not null, id text not null, company_id text, name text, plan text, size integer,
        website text, industry text, monthly_spend real, session_count integer, user_count integer,
        remote_created_at integer, created_at integer, updated_at integer, last_request_at integer,
        payload blob not null, fetched_at integer not null, listed_in text, listed integer not null, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create table tickets (
        workspace_id text not null, id text not null, ticket_id text, ticket_type_id text, ticket_type_name text,
        category text, ticket_state_id text, state text, title text, description text, open integer,
        is_shared integer, snoozed_until integer, admin_assignee_id text, team_assignee_id text,
        created_at integer not null, updated_at integer not null, part_count integer not null, parts_truncated integer not null,
        payload blob not null, fetched_at integer not null, deleted_at integer,
        primary key (workspace_id, id)
      ) strict`,
      `create index tickets_by_created on tickets (workspace_id, created_at, id)`,
      `create table ticket_contacts (
        workspace_id text not null, ticket_id text not null, contact_id text not null,
        primary key (workspace_id, ticket_id, contact_id)
      ) strict, without rowid`,
      `create index ticket_contacts_by_contact on ticket_contacts (workspace_id, contact_id)`,
      `create table contact_tags (
        workspace_id text not null, contact_id text not null, tag_id text not null,
        primary key (workspace_id, contact_id, tag_id)
      ) strict, without rowid`,
      `create index contact_tags_by_tag on contact_tags (workspace_id, tag_id)`,
      `create table contact_companies (
        workspace_id text not null, contact_id text not null, company_id text not null,
        primary key (workspace_id, contact_id, company_id)
      ) strict, without rowid`,
      `create index contact_companies_by_company on contact_companies (workspace_id, company_id)`,
      `create table contact_segments (
        workspace_id text not null, contact_id text not null, segment_id text not null,
        primary key (workspace_id, contact_id, segment_id)
      ) strict, without rowid`,
      `create index contact_segments_by_segment on contact_segments (workspace_id, segment_id)`,
      `create table contact_notes (
        workspace_id text not null, contact_id text not null, note_id text not null, author_id text,
        created_at integer, payload blob,
        primary key (workspace_id, contact_id, note_id)
      ) strict`,
      `create table custom_attribute_values (
        workspace_id text not null, entity text not null, object_id text not null, name text not null,
        position integer not null, kind text not null, text_value text, number_value real,
        primary key (workspace_id, entity, object_id, name, position)
      ) strict, without rowid`,
      `create index custom_attribute_values_by_text on custom_attribute_values (workspace_id, entity, name, text_value)`,
      `create index custom_attribute_values_by_number on custom_attribute_values (workspace_id, entity, name, number_value)`,
      `create table capabilities (
        workspace_id text not null, capability text not null, state text not null, code text, checked_at integer not null,
        primary key (workspace_id, capability)
      ) strict, without rowid`,
      `create table derivations (
        workspace_id text not null, entity text not null, after_id text not null,
        primary key (workspace_id, entity)
      ) strict, without rowid`,
      // What an older version stored lacks the new columns; sync fills them from the payloads.
      `insert into derivations (workspace_id, entity, after_id) select id, 'conversations', '' from workspaces`,
      `insert into derivations (workspace_id, entity, after_id) select id, 'contacts', '' from workspaces`,
    ],
  },
  {
    version: 3,
    statements: [
      `create table sync_wakes (
        workspace_id text not null, entity text not null, id text not null, received_at integer not null,
        primary key (workspace_id, entity, id)
      ) strict, without rowid`,
      `alter table sync_runs add column progress text`,
    ],
  },
  {
    version: 4,
    statements: [
      // What QA found (API-FACTS 5.1); listed with the conversations from now on.
      `create table conversation_monitor_evaluations (
        workspace_id text not null, conversation_id text not null, position integer not null, monitor_id text,
        monitor_name text, monitor_type text, result text, explanation text, evaluated_at integer,
        conversation_updated_at integer not null, payload blob not null,
        primary key (workspace_id, conversation_id, position)
      ) strict, without rowid`,
      `create table conversation_scorecards (
        workspace_id text not null, conversation_id text not null, position integer not null, scorecard_id text,
        scorecard_version_id text, name text, scorecard_type text, passed integer, score real, ai_score real,
        evaluated_at integer, reviewed_type text, reviewed_admin_id text, conversation_updated_at integer not null,
        payload blob not null,
        primary key (workspace_id, conversation_id, position)
      ) strict, without rowid`,
      // What a run that has ended did, and since when that answers who asks.
      `alter table sync_runs add column scope text`,
      `alter table sync_runs add column answered_at integer`,
    ],
  },
  {
    version: 5,
    statements: [
      `alter table companies add column name_key text`,
      // Until the company is listed again; its own letters fold better.
      `update companies set name_key = lower(name)`,
      `create index companies_by_name on companies (workspace_id, name_key)`,
      `create index companies_by_company_id on companies (workspace_id, company_id)`,
      `create index contacts_by_external_id on contacts (workspace_id, external_id)`,
      // The search index has more terms of each conversation.
      `insert into derivations (workspace_id, entity, after_id) select id, 'conversations', '' from workspaces
        where true on conflict (workspace_id, entity) do update set after_id = ''`,
    ],
  },
  {
    version: 6,
    statements: [
      `create table search_metrics (
        workspace_id text not null, segment_id integer not null, name text not null, data blob not null,
        primary key (workspace_id, segment_id, name)
      ) strict`,
      // What is measured of each conversation stands beside the index; it is made anew.
      `insert into derivations (workspace_id, entity, after_id) select id, 'conversations', '' from workspaces
        where true on conflict (workspace_id, entity) do update set after_id = ''`,
    ],
  },
  {
    version: 7,
    statements: [
      `create table search_lists (
        workspace_id text not null, list_id text not null, created_at integer not null, hits blob not null,
        primary key (workspace_id, list_id)
      ) strict`,
      `create index search_lists_by_time on search_lists (workspace_id, created_at)`,
    ],
  },
];

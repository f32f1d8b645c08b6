/**
 * The schema of the server engine, one entry a version, in order. An entry that was released is never edited: a change
 * is a new entry. Text that is compared or sorted has the "C" collation, so that both engines agree (ARCHITECTURE 2).
 */
const text = 'text collate "C"';

/** What customers and teammates wrote, in whatever form; nothing is looked up by it. */
const COLUMNS_WITH_TEXT = [
  'conversations.title',
  'conversations.rating_remark',
  'conversation_contents.thread',
  'conversation_contents.payload',
  'conversation_contents.head',
  'conversation_contents.older_parts',
  'conversation_monitor_evaluations.explanation',
  'conversation_monitor_evaluations.payload',
  'conversation_scorecards.payload',
  'tickets.title',
  'tickets.description',
  'tickets.payload',
  'search_segments.first_terms',
  'search_segments.vocabulary',
  'search_segments.docs',
  'search_blocks.postings',
  'search_blocks.positions',
];

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
      `create table coverage_windows (
        workspace_id ${text} not null, entity ${text} not null, window_start bigint not null, window_end bigint not null,
        begun_at bigint not null, completed_at bigint, listed bigint not null, stored bigint,
        missing bigint not null, outdated bigint not null, incomplete bigint not null, absent bigint not null,
        primary key (workspace_id, entity, window_start)
      )`,
      `create table contact_aliases (
        workspace_id ${text} not null, id ${text} not null, contact_id ${text} not null, merged_at bigint not null,
        primary key (workspace_id, id)
      )`,
      `create table purge_queue (
        workspace_id ${text} not null, doc_id bigint not null, times integer not null,
        primary key (workspace_id, doc_id)
      )`,
      ...[
        `time_to_assignment bigint`,
        `time_to_last_close bigint`,
        `median_time_to_reply bigint`,
        `handling_time bigint`,
        `adjusted_handling_time bigint`,
        `first_contact_reply_at bigint`,
        `first_assignment_at bigint`,
        `first_admin_reply_at bigint`,
        `first_close_at bigint`,
        `last_assignment_at bigint`,
        `last_assignment_admin_reply_at bigint`,
        `last_contact_reply_at bigint`,
        `last_admin_reply_at bigint`,
        `count_assignments bigint`,
        `count_conversation_parts bigint`,
        `rating_created_at bigint`,
        `rating_updated_at bigint`,
        `ai_agent_rating bigint`,
        `last_closed_by_id ${text}`,
        `rating_teammate_id ${text}`,
        `ai_agent_source_type ${text}`,
        `ai_agent_last_answer_type ${text}`,
      ].map((column) => `alter table conversations add column ${column}`),
      `create table segments (
        workspace_id ${text} not null, id ${text} not null, name ${text}, person_type ${text}, count bigint,
        created_at bigint, updated_at bigint, payload bytea not null, fetched_at bigint not null,
        deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table ticket_types (
        workspace_id ${text} not null, id ${text} not null, name ${text}, description ${text}, category ${text},
        icon ${text}, archived smallint, is_internal smallint, created_at bigint, updated_at bigint,
        payload bytea not null, fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table ticket_states (
        workspace_id ${text} not null, id ${text} not null, category ${text}, internal_label ${text},
        external_label ${text}, archived smallint, payload bytea not null, fetched_at bigint not null,
        deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table subscription_types (
        workspace_id ${text} not null, id ${text} not null, name ${text}, state ${text}, consent_type ${text},
        payload bytea not null, fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table help_centers (
        workspace_id ${text} not null, id ${text} not null, identifier ${text}, display_name ${text},
        url ${text}, custom_domain ${text}, is_default smallint, website_turned_on smallint, created_at bigint,
        updated_at bigint, payload bytea not null, fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table brands (
        workspace_id ${text} not null, id ${text} not null, name ${text}, is_default smallint,
        help_center_id ${text}, created_at bigint, updated_at bigint, payload bytea not null,
        fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table office_hours_schedules (
        workspace_id ${text} not null, id ${text} not null, name ${text}, time_zone_name ${text},
        twenty_four_seven smallint, created_at bigint, updated_at bigint, payload bytea not null,
        fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table data_attributes (
        workspace_id ${text} not null, object_key ${text} not null, id ${text}, model ${text} not null,
        name ${text}, full_name ${text} not null, label ${text}, description ${text}, data_type ${text},
        custom smallint, archived smallint, created_at bigint, updated_at bigint, payload bytea not null,
        fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, object_key)
      )`,
      `create table conversation_attributes (
        workspace_id ${text} not null, object_key ${text} not null, id ${text}, name ${text},
        description ${text}, data_type ${text}, required smallint, archived smallint, created_at bigint,
        updated_at bigint, payload bytea not null, fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, object_key)
      )`,
      `create table articles (
        workspace_id ${text} not null, id ${text} not null, title ${text}, description ${text}, state ${text},
        url ${text}, author_id ${text}, default_locale ${text}, created_at bigint, updated_at bigint,
        payload bytea not null, fetched_at bigint not null, listed_in ${text}, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table collections (
        workspace_id ${text} not null, id ${text} not null, name ${text}, description ${text}, url ${text},
        parent_id ${text}, help_center_id ${text}, default_locale ${text}, created_at bigint, updated_at bigint,
        payload bytea not null, fetched_at bigint not null, listed_in ${text}, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table internal_articles (
        workspace_id ${text} not null, id ${text} not null, title ${text}, owner_id ${text}, author_id ${text},
        locale ${text}, created_at bigint, updated_at bigint, payload bytea not null, fetched_at bigint not null,
        listed_in ${text}, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table macros (
        workspace_id ${text} not null, id ${text} not null, name ${text}, visible_to ${text}, created_at bigint,
        updated_at bigint, payload bytea not null, fetched_at bigint not null, listed_in ${text},
        deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table companies (
        workspace_id ${text} not null, id ${text} not null, company_id ${text}, name ${text}, plan ${text}, size bigint,
        website ${text}, industry ${text}, monthly_spend double precision, session_count bigint, user_count bigint,
        remote_created_at bigint, created_at bigint, updated_at bigint, last_request_at bigint,
        payload bytea not null, fetched_at bigint not null, listed_in ${text}, listed smallint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create table tickets (
        workspace_id ${text} not null, id ${text} not null, ticket_id ${text}, ticket_type_id ${text}, ticket_type_name ${text},
        category ${text}, ticket_state_id ${text}, state ${text}, title ${text}, description ${text}, open smallint,
        is_shared smallint, snoozed_until bigint, admin_assignee_id ${text}, team_assignee_id ${text},
        created_at bigint not null, updated_at bigint not null, part_count bigint not null, parts_truncated smallint not null,
        payload bytea not null, fetched_at bigint not null, deleted_at bigint,
        primary key (workspace_id, id)
      )`,
      `create index tickets_by_created on tickets (workspace_id, created_at, id)`,
      `create table ticket_contacts (
        workspace_id ${text} not null, ticket_id ${text} not null, contact_id ${text} not null,
        primary key (workspace_id, ticket_id, contact_id)
      )`,
      `create index ticket_contacts_by_contact on ticket_contacts (workspace_id, contact_id)`,
      `create table contact_tags (
        workspace_id ${text} not null, contact_id ${text} not null, tag_id ${text} not null,
        primary key (workspace_id, contact_id, tag_id)
      )`,
      `create index contact_tags_by_tag on contact_tags (workspace_id, tag_id)`,
      `create table contact_companies (
        workspace_id ${text} not null, contact_id ${text} not null, company_id ${text} not null,
        primary key (workspace_id, contact_id, company_id)
      )`,
      `create index contact_companies_by_company on contact_companies (workspace_id, company_id)`,
      `create table contact_segments (
        workspace_id ${text} not null, contact_id ${text} not null, segment_id ${text} not null,
        primary key (workspace_id, contact_id, segment_id)
      )`,
      `create index contact_segments_by_segment on contact_segments (workspace_id, segment_id)`,
      `create table contact_notes (
        workspace_id ${text} not null, contact_id ${text} not null, note_id ${text} not null, author_id ${text},
        created_at bigint, payload bytea,
        primary key (workspace_id, contact_id, note_id)
      )`,
      `create table custom_attribute_values (
        workspace_id ${text} not null, entity ${text} not null, object_id ${text} not null, name ${text} not null,
        position integer not null, kind ${text} not null, text_value ${text}, number_value double precision,
        primary key (workspace_id, entity, object_id, name, position)
      )`,
      `create index custom_attribute_values_by_text on custom_attribute_values (workspace_id, entity, name, text_value)`,
      `create index custom_attribute_values_by_number on custom_attribute_values (workspace_id, entity, name, number_value)`,
      `create table capabilities (
        workspace_id ${text} not null, capability ${text} not null, state ${text} not null, code ${text}, checked_at bigint not null,
        primary key (workspace_id, capability)
      )`,
      `create table derivations (
        workspace_id ${text} not null, entity ${text} not null, after_id ${text} not null,
        primary key (workspace_id, entity)
      )`,
      // What an older version stored lacks the new columns; sync fills them from the payloads.
      `insert into derivations (workspace_id, entity, after_id) select id, 'conversations', '' from workspaces`,
      `insert into derivations (workspace_id, entity, after_id) select id, 'contacts', '' from workspaces`,
    ],
  },
  {
    version: 3,
    statements: [
      `create table sync_wakes (
        workspace_id ${text} not null, entity ${text} not null, id ${text} not null, received_at bigint not null,
        primary key (workspace_id, entity, id)
      )`,
      `alter table sync_runs add column progress ${text}`,
    ],
  },
  {
    version: 4,
    statements: [
      // What QA found (API-FACTS 5.1); listed with the conversations from now on.
      `create table conversation_monitor_evaluations (
        workspace_id ${text} not null, conversation_id ${text} not null, position integer not null, monitor_id ${text},
        monitor_name ${text}, monitor_type ${text}, result ${text}, explanation ${text}, evaluated_at bigint,
        conversation_updated_at bigint not null, payload bytea not null,
        primary key (workspace_id, conversation_id, position)
      )`,
      `create table conversation_scorecards (
        workspace_id ${text} not null, conversation_id ${text} not null, position integer not null, scorecard_id ${text},
        scorecard_version_id ${text}, name ${text}, scorecard_type ${text}, passed integer, score double precision, ai_score double precision,
        evaluated_at bigint, reviewed_type ${text}, reviewed_admin_id ${text}, conversation_updated_at bigint not null,
        payload bytea not null,
        primary key (workspace_id, conversation_id, position)
      )`,
      // ANALYZE keeps samples of what a column holds, in a table of its own that no purge writes anew.
      ...COLUMNS_WITH_TEXT.map((column) => {
        const [table, name] = column.split('.');
        return `alter table ${table} alter column ${name} set statistics 0`;
      }),
      // What a run that has ended did, and since when that answers who asks.
      `alter table sync_runs add column scope ${text}`,
      `alter table sync_runs add column answered_at bigint`,
    ],
  },
  {
    version: 5,
    statements: [
      `alter table companies add column name_key ${text}`,
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
        workspace_id ${text} not null, segment_id integer not null, name ${text} not null, data bytea not null,
        primary key (workspace_id, segment_id, name)
      )`,
      `alter table search_metrics alter column data set storage external`,
      // What is measured of each conversation stands beside the index; it is made anew.
      `insert into derivations (workspace_id, entity, after_id) select id, 'conversations', '' from workspaces
        where true on conflict (workspace_id, entity) do update set after_id = ''`,
    ],
  },
  {
    version: 7,
    statements: [
      `create table search_lists (
        workspace_id ${text} not null, list_id ${text} not null, created_at bigint not null, hits bytea not null,
        primary key (workspace_id, list_id)
      )`,
      `create index search_lists_by_time on search_lists (workspace_id, created_at)`,
    ],
  },
];

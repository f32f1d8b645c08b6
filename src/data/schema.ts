import type { AdminTable } from '../entities/admin/table.ts';
import type {
  ContactCompanyTable,
  ContactNoteTable,
  ContactSegmentTable,
  ContactTable,
  ContactTagTable,
} from '../entities/contact/table.ts';
import type { SegmentTable } from '../entities/segment/table.ts';
import type { TicketTypeTable } from '../entities/ticket-type/table.ts';
import type { TicketStateTable } from '../entities/ticket-state/table.ts';
import type { SubscriptionTypeTable } from '../entities/subscription-type/table.ts';
import type { HelpCenterTable } from '../entities/help-center/table.ts';
import type { BrandTable } from '../entities/brand/table.ts';
import type { OfficeHoursScheduleTable } from '../entities/office-hours-schedule/table.ts';
import type { DataAttributeTable } from '../entities/data-attribute/table.ts';
import type { ConversationAttributeTable } from '../entities/conversation-attribute/table.ts';
import type { ArticleTable } from '../entities/article/table.ts';
import type { CollectionTable } from '../entities/collection/table.ts';
import type { InternalArticleTable } from '../entities/internal-article/table.ts';
import type { MacroTable } from '../entities/macro/table.ts';
import type { CompanyTable } from '../entities/company/table.ts';
import type { TicketContactTable, TicketTable } from '../entities/ticket/table.ts';
import type {
  ConversationContactTable,
  ConversationContentTable,
  ConversationTable,
  ConversationTagTable,
  MonitorEvaluationTable,
  ScorecardTable,
} from '../entities/conversation/table.ts';
import type { TagTable } from '../entities/tag/table.ts';
import type { TeamTable } from '../entities/team/table.ts';
import type {
  SearchBlockTable,
  SearchListTable,
  SearchMetricTable,
  SearchSegmentTable,
  SearchStateTable,
} from './search-index/segment-rows.ts';

/** One row a mirrored Intercom workspace (the `app` of GET /me, API-FACTS 1.6). */
export interface WorkspaceTable {
  id: string;
  name: string | null;
  region: string | null;
  time_zone: string;
}

/** An alias is bound for good to the workspace that its first sync saw (CONTRACT "Settings"). */
export interface WorkspaceAliasTable {
  alias: string;
  workspace_id: string;
}

/** How far an entity is mirrored. */
export interface SyncStateTable {
  workspace_id: string;
  entity: string;
  /** Every change up to this server time was listed (Unix seconds); null before the first listing. */
  watermark: number | null;
  /** 1 once everything was listed from the beginning. */
  backfilled: number;
  /** End of the last good listing, Unix seconds. */
  completed_at: number | null;
  /** End of the last listing of everything, Unix seconds. */
  full_at: number | null;
  /** Why the last attempt failed; null when it did not. */
  error_code: string | null;
}

/** How much is stored of an entity; kept along with every write, because counting a million rows takes its time. */
export interface MirrorCountTable {
  workspace_id: string;
  entity: string;
  /** Living rows. */
  stored: number;
  /** Those of them that are whole: for conversations, with their thread. */
  hydrated: number;
}

/** A scan lists one entity over a span; it survives a kill and is continued, never begun anew. */
export interface SyncScanTable {
  workspace_id: string;
  entity: string;
  /** What it is for: `backfill` or `poll`. */
  kind: string;
  scan_id: string;
  /** Field that the windows cut: created_at (backfill), updated_at (poll), list (plain cursor list). */
  field: string;
  /** Server time when the scan began: the watermark once it is done (TRAPS I4). */
  started_at: number;
  /** Everything older was in before this scan; 0 when nothing was. */
  since: number;
}

export interface SyncWindowTable {
  workspace_id: string;
  scan_id: string;
  window_no: number;
  lower_bound: number;
  upper_bound: number;
  /** Cursor of the next page; null at the start. */
  next_cursor: string | null;
  done: number;
}

/** What must be fetched one by one; written in the transaction that saw the change. */
export interface FetchQueueTable {
  workspace_id: string;
  /** `conversations`. */
  entity: string;
  id: string;
  /** 0 live changes, 1 repairs, 2 backfill: smaller goes first. */
  priority: number;
  /** updated_at of the listing; the fetched object must be at least as new. */
  wanted_updated_at: number;
  /** Watermark before the change was seen: nothing newer than this is promised while the item waits. */
  since: number;
  /** Newest objects first. */
  created_at: number;
  attempts: number;
  /** Answers that it is gone, at least a while apart. */
  misses: number;
  /** Time of the last of them that counts, Unix ms. */
  missed_at: number | null;
  /** Not before this time (Unix ms). */
  not_before: number;
  error_code: string | null;
}

/** At most one process syncs a workspace; each takeover raises the epoch (the fence). Times in Unix ms. */
export interface SyncLeaseTable {
  workspace_id: string;
  holder: string | null;
  epoch: number;
  expires_at: number;
}

/** Runs of the sync: what a second process that waits for the first one reads. Times in Unix ms. */
export interface SyncRunTable {
  workspace_id: string;
  run_id: string;
  epoch: number;
  started_at: number;
  finished_at: number | null;
  status: string;
  requests: number;
  /** JSON of the result; null while it runs. */
  result: string | null;
  /** JSON of where it stands, as its process last said; null before that. */
  progress: string | null;
  /** JSON of what it did; null while it runs. */
  scope: string | null;
  /** Unix ms of the database's clock: who asked before that for what it did is answered; null where it answers nobody. */
  answered_at: number | null;
}

/** Somebody asks for a sync; whoever holds the lease does it. Times in Unix ms. */
export interface SyncRequestTable {
  workspace_id: string;
  request_id: string;
  /** JSON of the scope. */
  scope: string;
  requested_at: number;
  finished_at: number | null;
  /** JSON of the result; null while it waits. */
  result: string | null;
}

/** Objects that a webhook announced: whoever holds the lease fetches them before everything else. */
export interface SyncWakeTable {
  workspace_id: string;
  /** `conversations`, `contacts`, `companies`, `tickets` or `articles`. */
  entity: string;
  id: string;
  /** Unix ms. */
  received_at: number;
}

/** A span of created_at that was compared with Intercom, object by object: the ledger of what is known to be here. */
export interface CoverageWindowTable {
  workspace_id: string;
  entity: string;
  /** Inclusive, Unix seconds. */
  window_start: number;
  window_end: number;
  /** Server time, Unix seconds; `completed_at` is null while the comparison goes on. */
  begun_at: number;
  completed_at: number | null;
  /** Objects that Intercom listed, and that were stored at the end. */
  listed: number;
  stored: number | null;
  /** What was found and queued or mended: not stored, with other fields than listed, with fewer parts, not listed any more. */
  missing: number;
  outdated: number;
  incomplete: number;
  absent: number;
}

/** A contact that was merged into another one (API-FACTS 7.3). */
export interface ContactAliasTable {
  workspace_id: string;
  id: string;
  contact_id: string;
  /** Server time at which it was seen, Unix seconds. */
  merged_at: number;
}

/** Conversations of which a text was taken back: it is still in old parts of the index, and in the bytes of the files. */
export interface PurgeQueueTable {
  workspace_id: string;
  doc_id: number;
  /** How often that happened since it was put here. */
  times: number;
}

/** Small facts of the database itself, such as the key that signs cursors. */
export interface SettingTable {
  name: string;
  value: string;
}

/** Custom attributes as typed values, a row each; a list has a row an element. */
export interface CustomAttributeValueTable {
  workspace_id: string;
  /** `conversations`, `contacts`, `companies` or `tickets`. */
  entity: string;
  object_id: string;
  name: string;
  /** Place in a list; 0 otherwise. */
  position: number;
  /** See `AttributeKind`. */
  kind: string;
  /** Cut where it is very long; the payload has all of it. */
  text_value: string | null;
  number_value: number | null;
}

/** What token, plan and version of the API allow, as the last answers showed. */
export interface CapabilityTable {
  workspace_id: string;
  /** An entity, by its name, or a part of one (`contact_notes`). */
  capability: string;
  /** See `CapabilityState`. */
  state: string;
  /** Error code of the refusal. */
  code: string | null;
  /** Unix seconds. */
  checked_at: number;
}

/** Rows that an older version stored and whose new columns are to be read from their payloads; gone when that is done. */
export interface DerivationTable {
  workspace_id: string;
  entity: string;
  /** Ids up to this one are done. */
  after_id: string;
}

export interface Schema {
  workspaces: WorkspaceTable;
  workspace_aliases: WorkspaceAliasTable;
  conversations: ConversationTable;
  conversation_contents: ConversationContentTable;
  conversation_contacts: ConversationContactTable;
  conversation_tags: ConversationTagTable;
  conversation_monitor_evaluations: MonitorEvaluationTable;
  conversation_scorecards: ScorecardTable;
  contacts: ContactTable;
  admins: AdminTable;
  teams: TeamTable;
  tags: TagTable;
  segments: SegmentTable;
  ticket_types: TicketTypeTable;
  ticket_states: TicketStateTable;
  subscription_types: SubscriptionTypeTable;
  help_centers: HelpCenterTable;
  brands: BrandTable;
  office_hours_schedules: OfficeHoursScheduleTable;
  data_attributes: DataAttributeTable;
  conversation_attributes: ConversationAttributeTable;
  articles: ArticleTable;
  collections: CollectionTable;
  internal_articles: InternalArticleTable;
  macros: MacroTable;
  companies: CompanyTable;
  tickets: TicketTable;
  ticket_contacts: TicketContactTable;
  contact_tags: ContactTagTable;
  contact_companies: ContactCompanyTable;
  contact_segments: ContactSegmentTable;
  contact_notes: ContactNoteTable;
  custom_attribute_values: CustomAttributeValueTable;
  capabilities: CapabilityTable;
  derivations: DerivationTable;
  sync_states: SyncStateTable;
  sync_scans: SyncScanTable;
  sync_windows: SyncWindowTable;
  fetch_queue: FetchQueueTable;
  mirror_counts: MirrorCountTable;
  coverage_windows: CoverageWindowTable;
  contact_aliases: ContactAliasTable;
  purge_queue: PurgeQueueTable;
  sync_leases: SyncLeaseTable;
  sync_runs: SyncRunTable;
  sync_requests: SyncRequestTable;
  sync_wakes: SyncWakeTable;
  search_segments: SearchSegmentTable;
  search_blocks: SearchBlockTable;
  search_metrics: SearchMetricTable;
  search_state: SearchStateTable;
  search_lists: SearchListTable;
  settings: SettingTable;
}

import type { AuthorRole } from '../lib/author-role.ts';
import type { RunProgress } from './run-progress.ts';
import type { StructuredFilter } from './structured-filter.ts';
import type { CallProgress } from './sync-port.ts';

/** Who asks, and how long the answer may take. */
export interface CallContext {
  /** Ends the question early; the storage engine stops its statement. */
  readonly signal?: AbortSignal;
  /** Milliseconds the storage may spend; default 10,000. */
  readonly deadlineMs?: number;
  /** Hears how a call that takes its time goes on. */
  readonly onProgress?: (progress: CallProgress) => void;
}

/** What was known when the answer was made (CONTRACT "Answers"). Times are ISO 8601 UTC. */
export interface AnswerMetadata {
  /** The alias of the workspace that the answer is about; absent where the mirror holds only one. */
  readonly workspace?: string;
  readonly query: string | null;
  readonly filters_applied: Readonly<Record<string, unknown>>;
  /** Every change in Intercom up to this time is in; null before the first complete sync. */
  readonly as_of: string | null;
  /** End of the last good sync. */
  readonly last_updated: string | null;
  readonly coverage: Coverage;
  readonly time_zone: string;
  /** Sentences for the reader: what was relaxed, cut or left out. */
  readonly notes: readonly string[];
  /** Of a search that found nothing with all of its words; absent where there are none. */
  readonly suggestions?: readonly SpellingSuggestion[];
}

/** A word that nothing has, and the nearest spellings in the workspace's own texts, the likeliest first. */
export interface SpellingSuggestion {
  readonly word: string;
  readonly instead: readonly string[];
}

export interface Coverage {
  readonly complete: boolean;
  readonly conversations: { readonly known: number; readonly hydrated: number };
  /** Span of created_at that is mirrored; nulls when nothing is. */
  readonly window: { readonly start: string | null; readonly end: string | null };
  /** What is missing, in words ("threads of 120 conversations", "contacts"). */
  readonly missing: readonly string[];
}

export interface AnswerSummary {
  readonly total_results: number;
  /** `at_least`: there may be more. Absent where the number is exact. */
  readonly total_relation?: 'at_least';
  /** Conversations with some of the words, which follow those with all, since few have all. */
  readonly partial_results?: number;
  readonly returned: number;
  readonly query_time_ms: number;
  readonly data_source: 'local';
  readonly cache_hit: boolean;
}

export interface AnswerPagination {
  readonly limit: number;
  readonly has_more: boolean;
  readonly next_cursor: string | null;
}

/** The best matching message of a hit. `snippet` is customer or teammate text: untrusted. */
export interface SearchMatch {
  readonly part_id: string;
  readonly author_role: AuthorRole;
  readonly author_name: string | null;
  readonly created_at: string;
  readonly snippet: string;
  /** [start, end) offsets into `snippet`, in UTF-16 units. */
  readonly highlights: readonly (readonly [number, number])[];
}

export interface SearchHit {
  readonly id: string;
  readonly title: string | null;
  readonly state: string | null;
  readonly priority: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly contact: {
    readonly id: string | null;
    readonly name: string | null;
    readonly email: string | null;
  } | null;
  readonly tags: readonly string[];
  /** Messages and events, the opening message included. */
  readonly part_count: number;
  readonly hydrated: boolean;
  /** Relevance, higher is better; null when ordered by time. */
  readonly score: number | null;
  /** It has some of the words only. */
  readonly partial: boolean;
  readonly match: SearchMatch | null;
}

export type TimeField = 'created_at' | 'updated_at' | 'closed_at' | 'message_at';
export type SearchSort = 'relevance' | 'newest' | 'oldest';

/** Which workspace a question is about. */
export interface WorkspaceInput {
  /** Alias, or id in Intercom; needed where the mirror holds several. */
  readonly workspace?: string | undefined;
}

/** A value of a field, or several of which one is enough. */
export type FieldValue = string | number | boolean | readonly (string | number)[];

export interface SearchInput extends WorkspaceInput {
  readonly query?: string | undefined;
  readonly state?: FieldValue | undefined;
  /** Tag name (case ignored) or id. */
  readonly tag?: FieldValue | undefined;
  /** The fields of the query language, see `FIELD_VALUES`; of a list one is enough. */
  readonly team?: FieldValue | undefined;
  readonly assignee?: FieldValue | undefined;
  readonly contact?: FieldValue | undefined;
  readonly company?: FieldValue | undefined;
  readonly csat?: FieldValue | undefined;
  readonly fin?: FieldValue | undefined;
  readonly sla?: FieldValue | undefined;
  readonly channel?: FieldValue | undefined;
  readonly priority?: FieldValue | undefined;
  readonly has?: FieldValue | undefined;
  readonly reopened?: FieldValue | undefined;
  /** Custom attributes by name. */
  readonly attributes?: Readonly<Record<string, FieldValue>> | undefined;
  /** Whose messages count for all words: customer, team, bot, note. */
  readonly from?: FieldValue | undefined;
  readonly customer_email?: string | undefined;
  readonly team_assignee_id?: string | undefined;
  readonly admin_assignee_id?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  /** Further conditions, each by the name that it is stated with. */
  readonly conditions?: Readonly<Record<string, StructuredFilter>> | undefined;
  readonly timeframe?: string | undefined;
  readonly start_date?: string | undefined;
  readonly end_date?: string | undefined;
  readonly time_field?: TimeField | undefined;
  readonly time_zone?: string | undefined;
  /** Default: relevance with a query, newest without. */
  readonly sort?: SearchSort | undefined;
  /** 1 to 1,000, default 20. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface SearchAnswer {
  readonly summary: AnswerSummary;
  readonly results: readonly SearchHit[];
  readonly pagination: AnswerPagination;
  readonly metadata: AnswerMetadata;
  /** The cursor that continues after the row with this index of `results`; for presenters that show fewer rows. */
  cursorAfter(index: number): string;
}

export interface TranscriptPart {
  readonly id: string;
  /** `source` for the opening message, else Intercom's part_type. */
  readonly type: string;
  readonly author: { readonly role: AuthorRole; readonly id: string | null; readonly name: string | null };
  readonly created_at: string;
  /** Plain text; null for events without text. Untrusted when the author is a customer. */
  readonly text: string | null;
}

export interface ConversationHead {
  readonly id: string;
  readonly title: string | null;
  readonly state: string | null;
  readonly priority: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly channel: string | null;
  readonly contacts: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly email: string | null;
  }[];
  readonly tags: readonly string[];
  readonly assignee: { readonly id: string; readonly name: string | null } | null;
  readonly team: { readonly id: string; readonly name: string | null } | null;
  readonly rating: number | null;
  /** Messages and events, the opening message included. */
  readonly part_count: number;
  readonly parts_truncated: boolean;
  readonly hydrated: boolean;
}

export interface GetConversationInput extends WorkspaceInput {
  /** Raw id, `conversation_…` or an Intercom URL. */
  readonly id: string;
  readonly cursor?: string | undefined;
  /** Parts a page, 1 to 1,000; default 100. */
  readonly limit?: number | undefined;
  /** Events without text too (assignments, attribute changes…); default false. */
  readonly include_events?: boolean | undefined;
}

export interface ConversationAnswer {
  readonly conversation: ConversationHead;
  readonly parts: readonly TranscriptPart[];
  readonly pagination: AnswerPagination & { readonly total_parts: number };
  readonly metadata: AnswerMetadata;
  cursorAfter(index: number): string;
}

export interface SyncStatusAnswer {
  /** The aliases of the workspace; more than one where several tokens are of the same workspace. */
  readonly aliases: readonly string[];
  /** idle: between syncs; syncing; never: nothing mirrored; paused: the token was refused. */
  readonly state: 'never' | 'syncing' | 'idle' | 'paused';
  readonly workspace: {
    readonly id: string;
    readonly name: string | null;
    readonly region: string | null;
    readonly time_zone: string;
  } | null;
  readonly entities: readonly {
    readonly entity: string;
    readonly stored: number;
    readonly complete: boolean;
    /** ok, no_permission, plan, version or unknown. */
    readonly access: string;
    readonly as_of: string | null;
    readonly error: { readonly code: string; readonly message: string; readonly remedy: string } | null;
  }[];
  readonly queue: {
    readonly waiting: number;
    readonly failed: readonly { readonly id: string; readonly code: string; readonly attempts: number }[];
  };
  readonly last_run: {
    readonly status: string;
    readonly started_at: string;
    readonly finished_at: string | null;
    readonly requests: number;
  } | null;
  /** Where the sync that runs stands; null where none runs, or while it has said nothing. */
  readonly progress: RunProgress | null;
  /** Looks at what is mirrored already that are under way; windows of time. */
  readonly looks: readonly { readonly kind: string; readonly done: number; readonly windows: number }[];
  /** What all comparisons with Intercom found and mended, window by window; null before the first. */
  readonly compared: {
    readonly windows: number;
    readonly oldest: string;
    readonly newest: string;
    readonly differences: number;
  } | null;
  readonly metadata: AnswerMetadata;
}

/** The state of all workspaces. */
export interface MirrorStatusAnswer {
  /** Syncing if one is, else paused if one is. */
  readonly state: SyncStatusAnswer['state'];
  /** At least one; where nothing is mirrored, one that says so. */
  readonly workspaces: readonly [SyncStatusAnswer, ...SyncStatusAnswer[]];
  /** What holds for all of them together. */
  readonly metadata: AnswerMetadata;
}

export interface SyncNowInput extends WorkspaceInput {
  /** 0 to 50; default 20. */
  readonly wait_seconds?: number | undefined;
}

/** An object that a sync could not have; `*` stands for all. */
export interface MissedObject {
  /** Absent where one workspace was synced. */
  readonly workspace?: string;
  readonly entity: string;
  readonly id: string;
  readonly code: string;
}

export interface SyncNowAnswer {
  /** running: not over yet. requested: nobody has begun it yet. */
  readonly outcome: 'complete' | 'incomplete' | 'running' | 'requested';
  readonly waited_ms: number;
  /** Null while it cannot be told. */
  readonly time_left_ms: number | null;
  /** What it did; null while it is not over. */
  readonly run: {
    readonly requests: number;
    readonly duration_ms: number;
    readonly changed: number;
    readonly fetched: number;
    readonly failed: number;
  } | null;
  readonly incomplete: readonly MissedObject[];
  readonly status: MirrorStatusAnswer;
}

export interface DescribeWorkspaceInput extends WorkspaceInput {
  /** One field only, by its name in the query language or the name of a custom attribute. */
  readonly field?: string | undefined;
  /** Values of a field, 1 to 1,000; default 10, or 100 where a field is named. */
  readonly limit?: number | undefined;
}

/** A field of the query language with the values that it has here. Names and values are of the workspace's own: data. */
export interface DescribedField {
  readonly field: string;
  /** Of a custom attribute, as it is written in Intercom. */
  readonly name: string | null;
  /** Different values there are. */
  readonly distinct: number;
  /** The commonest first. `value` is what the field takes; `name` that of a tag, team or teammate. */
  readonly values: readonly {
    readonly value: string;
    readonly name: string | null;
    readonly count: number;
  }[];
}

export interface WorkspaceDescription {
  readonly workspace: {
    readonly id: string;
    readonly name: string | null;
    readonly region: string | null;
    readonly time_zone: string;
  };
  readonly summary: AnswerSummary;
  readonly fields: readonly DescribedField[];
  readonly metadata: AnswerMetadata;
}

/** A JSON object as Intercom would send it. */
export type JsonObject = { [key: string]: JsonValue };
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** The times that lists are sorted by and windows are cut from. */
export type TimeField = 'created_at' | 'updated_at';

/** Objects of one kind with random access: each is built from its index and the seed alone, whenever it is asked for. */
export interface Collection {
  readonly count: number;
  /** By index, Unix seconds. `created_at` never descends. */
  readonly times: Readonly<Record<TimeField, Int32Array>>;
  id(index: number): string;
  indexOf(id: string): number | undefined;
  /** The full object, as a GET of it would show it. */
  object(index: number): JsonObject;
  /**
   * An object that the collection does not hold: the one that would stand `offset` places behind its end, made at `time`
   * (Unix seconds). For what is added while the sandbox runs.
   */
  draft(offset: number, time: number): JsonObject;
}

/** All that hangs at a contact; the contact itself shows ten of each (API-FACTS 5.3). */
export interface ContactDetails {
  readonly tags: readonly JsonObject[];
  /** Newest first. */
  readonly notes: readonly JsonObject[];
  /** Ids. */
  readonly companies: readonly string[];
  readonly segments: readonly string[];
  readonly optedOut: readonly string[];
  readonly optedIn: readonly string[];
}

/** Small tables, each held whole. */
export type ListName =
  | 'admins'
  | 'teams'
  | 'tags'
  | 'segments'
  | 'ticket_types'
  | 'ticket_states'
  | 'subscription_types'
  | 'help_centers'
  | 'collections'
  | 'articles'
  | 'internal_articles'
  | 'macros'
  | 'brands'
  | 'office_hours_schedules'
  | 'data_attributes'
  | 'conversation_attributes';

/**
 * A deterministic Intercom workspace. A million conversations need no more memory than a few typed arrays. Immutable;
 * what changes while the sandbox runs is laid over it (`live/`).
 */
export interface World {
  /** The `app` object of GET /me (API-FACTS 1.6). */
  readonly workspace: {
    id_code: string;
    name: string;
    region: 'US' | 'EU' | 'AU';
    timezone: string;
    created_at: number;
  };
  /** The admin that GET /me returns, without `app`. */
  readonly me: JsonObject;
  /** Admins, teams, tags and all else that is listed whole. */
  readonly lists: Readonly<Record<ListName, readonly JsonObject[]>>;
  /** As GET /contacts/{id} shows them. */
  readonly contacts: Collection;
  /** By index of the contact. @param createdAt of one that the collection does not hold, Unix seconds */
  contactDetails(index: number, createdAt?: number): ContactDetails;
  /** As GET /companies/{id} shows them. */
  readonly companies: Collection;
  /** As GET /conversations/{id} shows them, with all parts: the cap of 500 is the server's. Tickets are among them. */
  readonly conversations: Collection;
  /** Whether a conversation, by its index, is a ticket. */
  isTicket(index: number): boolean;
}

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
  readonly admins: readonly JsonObject[];
  readonly teams: readonly JsonObject[];
  readonly tags: readonly JsonObject[];
  /** As GET /contacts/{id} shows them. */
  readonly contacts: Collection;
  /** As GET /companies/{id} shows them. */
  readonly companies: Collection;
  /** As GET /conversations/{id} shows them, with all parts: the cap of 500 is the server's. */
  readonly conversations: Collection;
}

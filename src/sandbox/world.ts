/** A JSON object as Intercom would send it. */
export type JsonObject = { [key: string]: JsonValue };
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** What the index of the simulated workspace knows of a conversation without building it. Times in Unix seconds. */
export interface ConversationMeta {
  readonly id: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/**
 * A deterministic Intercom workspace with random access: any object can be built from its index and the seed alone,
 * so that a million conversations need no more memory than a few typed arrays. Immutable; what changes while the
 * sandbox runs is laid over it by the server.
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
  readonly contactCount: number;
  /** Full contact as GET /contacts/{id} has it; index 0 … contactCount-1, created_at not descending. */
  contact(index: number): JsonObject;
  contactIndex(id: string): number | undefined;
  readonly companyCount: number;
  company(index: number): JsonObject;
  companyIndex(id: string): number | undefined;
  readonly conversationCount: number;
  /** Cheap; created_at never descends with the index. */
  conversationMeta(index: number): ConversationMeta;
  /** The complete object of GET /conversations/{id}, `conversation_parts` included (all of them; the server applies the 500 cap). */
  conversation(index: number): JsonObject;
  conversationIndex(id: string): number | undefined;
}

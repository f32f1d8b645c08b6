/** How much of something is done. */
export interface CallProgress {
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
  /** One sentence. */
  readonly message: string;
}

/** What a sync did. */
export interface SyncOutcome {
  readonly status: string;
  readonly requests: number;
  readonly duration_ms: number;
  readonly entities: Readonly<
    Record<
      string,
      {
        readonly listed: number;
        readonly fetched: number;
        readonly changed: number;
        readonly failed: number;
        readonly skipped_reason: string | null;
      }
    >
  >;
  readonly incomplete: readonly { readonly entity: string; readonly id: string; readonly code: string }[];
}

/** A sync of one workspace that was asked for. */
export interface AskedSync {
  readonly alias: string;
  readonly workspaceId: string;
  /** Null while it is not over. @throws AppError with the code that it failed with */
  outcome(): Promise<SyncOutcome | null>;
  /** Its outcome is no longer wanted; a sync that is under way goes on. */
  forget(): Promise<void>;
}

/**
 * Asks for a sync and watches it; `app` wires it to a row in the database, which the holder of the lease obeys in whatever
 * process (ARCHITECTURE). The one thing that a question can set off.
 */
export interface SyncPort {
  /**
   * The workspaces with these aliases, all that there is a token for where none are named; at least one of them.
   * @throws AppError when it is clear that nothing can be done
   */
  ask(aliases: readonly string[] | undefined): Promise<readonly AskedSync[]>;
}

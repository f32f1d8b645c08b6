import { ENTITIES, type EntityName } from '../data/entity-names.ts';
import type { AppError } from '../errors/app-error.ts';

/** One of the two speeds of a run. */
export interface StageProgress {
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
  /** Time left, ms; 0 once it is done, null while it cannot be told. */
  readonly etaMs: number | null;
}

/** Where a run stands; times in milliseconds. */
export interface SyncProgress {
  readonly phase: 'starting' | 'waiting' | 'syncing' | 'done';
  readonly conversations: {
    readonly known: number;
    readonly total: number | null;
    readonly hydrated: number;
  };
  /** Conversations listed: with them, every metric is there. */
  readonly listing: StageProgress;
  /** Conversations whose thread is there, too. */
  readonly threads: StageProgress;
  readonly contacts: number;
  readonly requests: number;
  readonly elapsedMs: number;
  /** Of all of it; null while it cannot be told. */
  readonly etaMs: number | null;
}

export interface EntityResult {
  /** Objects that Intercom listed. */
  listed: number;
  /** Objects fetched one by one. */
  fetched: number;
  /** Objects that were new or newer. */
  changed: number;
  failed: number;
  /** Error code why the entity was left out for lack of permission; null when it was synced. */
  skipped_reason: string | null;
}

/** A span of created_at that was compared with Intercom. */
export interface VerifiedWindow {
  readonly entity: string;
  /** Inclusive, Unix seconds. */
  readonly start: number;
  readonly end: number;
  /** Objects that Intercom has, and that were stored before anything was mended. */
  readonly listed: number;
  readonly stored: number;
  /** Not stored · with other fields · with fewer parts · no longer in Intercom. */
  readonly missing: number;
  readonly outdated: number;
  readonly incomplete: number;
  readonly absent: number;
}

export interface Verification {
  readonly windows: readonly VerifiedWindow[];
  /** Other entities: how many Intercom says there are, and how many are stored. */
  readonly counts: readonly { readonly entity: string; readonly listed: number; readonly stored: number }[];
  readonly differences: number;
}

/** What a run did (CONTRACT `sync --json`). */
export interface SyncResult {
  readonly status: 'complete' | 'incomplete' | 'failed';
  readonly exit_code: 0 | 1 | 3;
  readonly entities: Readonly<Record<string, EntityResult>>;
  readonly incomplete: readonly { readonly entity: string; readonly id: string; readonly code: string }[];
  readonly requests: number;
  readonly duration_ms: number;
  /** What a comparison with Intercom found; only where one was asked for. */
  readonly verification?: Verification;
}

export interface RunOptions {
  /** Entities to sync; default all. */
  readonly only?: readonly string[];
  /** List everything again instead of what changed. */
  readonly full?: boolean;
  /** Compare what is stored with Intercom, and mend it. */
  readonly verify?: boolean;
  /**
   * When it was asked for, as `performance.now()` counts; default: now. A run of another process that has ended since then
   * is the answer. A command was asked for when its process began, at 0.
   */
  readonly askedAt?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
}

/** A sync that goes on by itself. */
export interface BackgroundOptions {
  /** What changed is looked for this often, ms. */
  readonly pollMs: number;
  readonly onProgress?: (progress: SyncProgress) => void;
  /**
   * As `performance.now()` counts; default: now. After a run that has ended since then, in whatever process, the first one is due
   * `pollMs` after its end.
   */
  readonly since?: number;
  /** Entities to sync; default all. */
  readonly only?: readonly string[];
  readonly onResult?: (result: SyncResult) => void | Promise<void>;
  /** A run failed; the next one follows after a pause. */
  readonly onFailure?: (error: AppError) => void;
}

export const SYNC_ENTITIES = ENTITIES;
export type SyncEntity = EntityName;

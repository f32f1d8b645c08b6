import { ENTITIES, type EntityName } from '../data/entity-names.ts';
import type { AppError } from '../errors/app-error.ts';

/** Where a run stands; times in milliseconds. */
export interface SyncProgress {
  readonly phase: 'starting' | 'waiting' | 'syncing' | 'done';
  readonly conversations: {
    readonly known: number;
    readonly total: number | null;
    readonly hydrated: number;
  };
  readonly contacts: number;
  readonly requests: number;
  readonly elapsedMs: number;
  /** Null while it cannot be told. */
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

/** What a run did (CONTRACT `sync --json`). */
export interface SyncResult {
  readonly status: 'complete' | 'incomplete' | 'failed';
  readonly exit_code: 0 | 1 | 3;
  readonly entities: Readonly<Record<string, EntityResult>>;
  readonly incomplete: readonly { readonly entity: string; readonly id: string; readonly code: string }[];
  readonly requests: number;
  readonly duration_ms: number;
}

export interface RunOptions {
  /** Entities to sync; default all. */
  readonly only?: readonly string[];
  /** List everything again instead of what changed. */
  readonly full?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
}

/** A sync that goes on by itself. */
export interface BackgroundOptions {
  /** What changed is looked for this often, ms. */
  readonly pollMs: number;
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Entities to sync; default all. */
  readonly only?: readonly string[];
  readonly onResult?: (result: SyncResult) => void | Promise<void>;
  /** A run failed; the next one follows after a pause. */
  readonly onFailure?: (error: AppError) => void;
}

export const SYNC_ENTITIES = ENTITIES;
export type SyncEntity = EntityName;

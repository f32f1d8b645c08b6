import type { IntercomClient } from '../intercom/client.ts';
import { type EntityResult, SYNC_ENTITIES, type SyncProgress, type SyncResult } from './types.ts';

const PROGRESS_INTERVAL_MS = 200;

/** Counts what a run does and tells listeners now and then. */
export class RunReport {
  readonly entities: Record<string, EntityResult> = Object.fromEntries(
    SYNC_ENTITIES.map((name) => [
      name,
      { listed: 0, fetched: 0, changed: 0, failed: 0, skipped_reason: null },
    ]),
  );
  readonly incomplete: { entity: string; id: string; code: string }[] = [];
  /** Conversations in Intercom, as its first answer said. */
  total: number | null = null;
  /** Conversations listed and threads that are up to date so far. */
  known = 0;
  hydrated = 0;
  /** Something that is no object has to wait for the next run. */
  unfinished = false;
  phase: SyncProgress['phase'] = 'starting';
  readonly #client: IntercomClient;
  readonly #listener: ((progress: SyncProgress) => void) | undefined;
  readonly #startedAt: number;
  readonly #requestsBefore: number;
  #lastTold = 0;

  constructor(client: IntercomClient, listener?: (progress: SyncProgress) => void) {
    this.#client = client;
    this.#listener = listener;
    this.#startedAt = performance.now();
    this.#requestsBefore = client.stats().requests;
  }

  entity(name: string): EntityResult {
    const known = this.entities[name];
    if (known) return known;
    const fresh: EntityResult = { listed: 0, fetched: 0, changed: 0, failed: 0, skipped_reason: null };
    this.entities[name] = fresh;
    return fresh;
  }

  /** Objects that have no id, or nothing that could stand for one: they cannot be stored. */
  unusable(entity: string, count: number): void {
    if (count === 0) return;
    this.entity(entity).failed += count;
    this.incomplete.push({ entity, id: '*', code: 'INTERCOM_BAD_BODY' });
  }

  get requests(): number {
    return this.#client.stats().requests - this.#requestsBefore;
  }

  get elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** Tells the listener, at most every 200 ms; `now` tells it in any case. */
  tell(now = false): void {
    if (!this.#listener) return;
    const time = performance.now();
    if (!now && time - this.#lastTold < PROGRESS_INTERVAL_MS) return;
    this.#lastTold = time;
    this.#listener(this.progress());
  }

  progress(): SyncProgress {
    const elapsedMs = this.elapsedMs;
    const total = this.total;
    const share = total === null || total === 0 ? 0 : this.hydrated / total;
    const etaMs =
      share > 0.01 && this.phase === 'syncing'
        ? Math.max(0, Math.round(elapsedMs / share - elapsedMs))
        : null;
    return {
      phase: this.phase,
      conversations: { known: this.known, total, hydrated: this.hydrated },
      contacts: this.entity('contacts').listed,
      requests: this.requests,
      elapsedMs,
      etaMs,
    };
  }

  result(): SyncResult {
    const failed = this.unfinished || Object.values(this.entities).some((entity) => entity.failed > 0);
    return {
      status: failed ? 'incomplete' : 'complete',
      exit_code: failed ? 3 : 0,
      entities: this.entities,
      incomplete: this.incomplete,
      requests: this.requests,
      duration_ms: this.elapsedMs,
    };
  }
}

import type { Store } from '../data/store.ts';
import type { Fence } from '../data/writes/fence.ts';
import { CONVERSATION_PAGE_SIZE } from '../entities/conversation/endpoints.ts';
import type { IntercomClient } from '../intercom/client.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ServerFacts } from './identify.ts';
import type { JudgeRefusal } from './judge-refusal.ts';
import type { NoteKinds } from './kind-log.ts';
import type { RunReport } from './run-report.ts';

/** Tunables of the sync; tests run them short. */
export interface SyncTuning {
  /** Threads fetched at the same time. */
  readonly concurrency: number;
  /** Windows of a scan listed at the same time; each has one page on its way while it stores another. */
  readonly parallelWindows: number;
  readonly pageSize: number;
  /** An incremental scan begins this much before the watermark (index lag, API-FACTS 4.6). */
  readonly overlapSeconds: number;
  readonly leaseMs: number;
  /** Failures of one object before it is parked: tried again after a long pause only. */
  readonly maxAttempts: number;
  /** Pause before a failed object is tried again, ms; doubles with each attempt. */
  readonly retryDelayMs: number;
  /** The same for one that is parked. */
  readonly parkDelayMs: number;
  readonly maxParkDelayMs: number;
  /** Two answers that an object is gone count as one within this time, ms (TRAPS T44). */
  readonly confirmAfterMs: number;
  /** Pause before the companies are scrolled again while another scroll is open, ms (API-FACTS 5.4). */
  readonly scrollWaitMs: number;
  /** Stretches or shrinks the time between two looks at what is mirrored already. */
  readonly lookAgainScale: number;
}

export const DEFAULT_TUNING: SyncTuning = {
  concurrency: 64,
  parallelWindows: 6,
  pageSize: CONVERSATION_PAGE_SIZE,
  overlapSeconds: 600,
  leaseMs: 30_000,
  maxAttempts: 2,
  retryDelayMs: 500,
  parkDelayMs: 300_000,
  maxParkDelayMs: 21_600_000,
  confirmAfterMs: 3_000,
  scrollWaitMs: 61_000,
  lookAgainScale: 1,
};

/** What every step of one run works with. */
export interface RunContext {
  readonly store: Store;
  readonly client: IntercomClient;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly fence: Fence;
  readonly tuning: SyncTuning;
  /** Ends the run: the caller's wish, a lost lease, a refused token. */
  readonly signal: AbortSignal;
  readonly report: RunReport;
  readonly judgeRefusal: JudgeRefusal;
  readonly noteKinds: NoteKinds;
  /**
   * Set for a run that nobody asked for: it leaves alone what was synced a short while ago, does not try again what
   * failed before its time, and looks for changes this often (ms) while a long backfill goes on.
   */
  readonly pollMs: number | undefined;
  /** Compare everything with Intercom. */
  readonly verify: boolean;
  /**
   * Server time from an answer that was asked for now: where a scan begins. Never from a local clock, which may run ahead
   * (TRAPS T56). @throws AppError SYNC_WORKSPACE_MISMATCH when the token belongs to another workspace
   */
  readonly askServer: () => Promise<ServerFacts>;
}

/** Server time in Unix seconds, for time stamps that nothing depends on. */
export const serverSeconds = (client: IntercomClient): number => Math.floor(client.serverNow() / 1000);

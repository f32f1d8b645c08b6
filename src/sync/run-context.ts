import type { Store } from '../data/store.ts';
import type { Fence } from '../data/writes/fence.ts';
import { CONVERSATION_PAGE_SIZE } from '../entities/conversation/endpoints.ts';
import type { IntercomClient } from '../intercom/client.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { JudgeRefusal } from './judge-refusal.ts';
import type { RunReport } from './run-report.ts';

/** Tunables of the sync; tests run them short. */
export interface SyncTuning {
  /** Threads fetched at the same time. */
  readonly concurrency: number;
  /** Windows of a scan listed at the same time. */
  readonly parallelWindows: number;
  readonly pageSize: number;
  /** An incremental scan begins this much before the watermark (index lag, API-FACTS 4.6). */
  readonly overlapSeconds: number;
  readonly leaseMs: number;
  /** Failures of one thread in one run before it is parked. */
  readonly maxAttempts: number;
  /** Pause before a failed thread is tried again, ms; grows with each attempt. */
  readonly retryDelayMs: number;
}

export const DEFAULT_TUNING: SyncTuning = {
  concurrency: 64,
  parallelWindows: 8,
  pageSize: CONVERSATION_PAGE_SIZE,
  overlapSeconds: 600,
  leaseMs: 30_000,
  maxAttempts: 2,
  retryDelayMs: 500,
};

/** What every step of one run works with. */
export interface RunContext {
  readonly store: Store;
  readonly client: IntercomClient;
  readonly logger: Logger;
  readonly fence: Fence;
  readonly tuning: SyncTuning;
  /** Ends the run: the caller's wish, a lost lease, a refused token. */
  readonly signal: AbortSignal;
  readonly report: RunReport;
  readonly judgeRefusal: JudgeRefusal;
}

/** Server time in Unix seconds: the only clock for watermarks (TRAPS T56). */
export const serverSeconds = (client: IntercomClient): number => Math.floor(client.serverNow() / 1000);

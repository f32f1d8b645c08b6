import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors/app-error.ts';
import type { QueryDeps } from './deps.ts';
import { getSyncStatus } from './get-sync-status.ts';
import { progressText, readProgress, timeLeft } from './run-progress.ts';
import type { AskedSync, CallProgress, SyncOutcome } from './sync-port.ts';
import type { CallContext, SyncNowAnswer, SyncNowInput } from './types.ts';

const DEFAULT_WAIT_SECONDS = 20;
const POLL_MS = 250;

/**
 * Asks for a sync, or joins the one that runs, and waits for a while. Who stops waiting stops nothing: a sync that was
 * asked for goes on.
 * @throws AppError why nothing can be synced here, or why the sync failed
 */
export const syncNow = async (
  deps: QueryDeps,
  input: SyncNowInput,
  call: CallContext = {},
): Promise<SyncNowAnswer> => {
  const { syncPort } = deps;
  if (syncPort === undefined) throw deps.syncPaused?.() ?? new AppError('SYNC_OFF');
  const startedAt = performance.now();
  const waited = (): number => Math.round(performance.now() - startedAt);
  const waitMs = (input.wait_seconds ?? DEFAULT_WAIT_SECONDS) * 1000;
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), waitMs);
  const ended = AbortSignal.any([waiting.signal, ...(call.signal ? [call.signal] : [])]);
  let asked: AskedSync | undefined;
  let outcome: SyncOutcome | null = null;
  try {
    asked = await unlessEnded(syncPort.ask(), ended);
    if (asked !== undefined) outcome = await watch(deps, asked, ended, call.onProgress);
  } finally {
    clearTimeout(timer);
  }
  // Not with the caller's signal: an answer that nobody waits for is no failure.
  const status = await getSyncStatus(
    deps,
    call.deadlineMs === undefined ? {} : { deadlineMs: call.deadlineMs },
  );
  return {
    outcome: outcomeOf(outcome, status.state),
    waited_ms: waited(),
    time_left_ms: outcome === null ? timeLeft(status.progress) : 0,
    run: outcome === null ? null : summaryOf(outcome),
    incomplete: outcome?.incomplete ?? [],
    status,
  };
};

const outcomeOf = (outcome: SyncOutcome | null, state: string): SyncNowAnswer['outcome'] => {
  if (outcome !== null) return outcome.status === 'complete' ? 'complete' : 'incomplete';
  return state === 'syncing' ? 'running' : 'requested';
};

const summaryOf = ({ duration_ms, entities, requests }: SyncOutcome): NonNullable<SyncNowAnswer['run']> => {
  const all = Object.values(entities);
  const sum = (field: 'changed' | 'fetched' | 'failed'): number =>
    all.reduce((total, entity) => total + entity[field], 0);
  return {
    requests,
    duration_ms,
    changed: sum('changed'),
    fetched: sum('fetched'),
    failed: sum('failed'),
  };
};

/** Undefined when the caller stops waiting first; what was begun goes on then. */
const unlessEnded = async <T>(work: Promise<T>, ended: AbortSignal): Promise<T | undefined> => {
  const end = Promise.withResolvers<undefined>();
  const onAbort = (): void => end.resolve(undefined);
  ended.addEventListener('abort', onAbort, { once: true });
  if (ended.aborted) onAbort();
  try {
    work.catch(() => undefined);
    return await Promise.race([work, end.promise]);
  } finally {
    ended.removeEventListener('abort', onAbort);
  }
};

/** Waits for the outcome and tells how it goes on. @returns null when the caller stops waiting first */
const watch = async (
  deps: QueryDeps,
  asked: AskedSync,
  ended: AbortSignal,
  onProgress: CallContext['onProgress'],
): Promise<SyncOutcome | null> => {
  const tell = teller(onProgress);
  tell({ done: 0, total: null, message: 'A sync was asked for.' });
  while (!ended.aborted) {
    const outcome = await asked.outcome().catch(async (error: unknown) => {
      await asked.forget().catch(() => undefined);
      throw error;
    });
    if (outcome !== null) {
      await asked.forget().catch(() => undefined);
      return outcome;
    }
    if (onProgress) tell(await whereItStands(deps));
    await sleep(POLL_MS, undefined, { signal: ended }).catch(() => undefined);
  }
  return null;
};

/** Tells what is new, and nothing twice. */
const teller = (onProgress: CallContext['onProgress']): ((progress: CallProgress | null) => void) => {
  let last = '';
  return (progress) => {
    if (progress === null || progress.message === last) return;
    last = progress.message;
    onProgress?.(progress);
  };
};

const whereItStands = async ({ alias, reader }: QueryDeps): Promise<CallProgress | null> => {
  const workspace = await reader.read('findWorkspace', { alias });
  if (workspace === null) return null;
  const run = await reader.read('findRun', { workspaceId: workspace.id });
  if (run === null || run.finishedAt !== null) return null;
  const progress = readProgress(run.progress);
  if (progress === null) return { done: 0, total: null, message: 'A sync is running.' };
  const { listing, threads } = progress;
  return {
    done: listing.done + threads.done,
    total: listing.total === null || threads.total === null ? null : listing.total + threads.total,
    message: `${progressText(progress)}.`,
  };
};

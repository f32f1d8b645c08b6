import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, toAppError } from '../errors/app-error.ts';
import { askedWorkspace } from './asked-workspace.ts';
import type { QueryDeps } from './deps.ts';
import { getMirrorStatus } from './get-mirror-status.ts';
import { progressText, readProgress, timeLeft } from './run-progress.ts';
import { type Ended, missedBy, summaryOf } from './sync-outcomes.ts';
import type { AskedSync, CallProgress } from './sync-port.ts';
import type { CallContext, MirrorStatusAnswer, SyncNowAnswer, SyncNowInput } from './types.ts';

const DEFAULT_WAIT_SECONDS = 20;
const POLL_MS = 250;

/**
 * Asks for a sync, or joins the one that runs, and waits for a while: of the named workspace, else of all that this process
 * has a token for. Who stops waiting stops nothing: a sync that was asked for goes on.
 * @throws AppError why nothing can be synced here, or why the sync failed
 */
export const syncNow = async (
  deps: QueryDeps,
  { wait_seconds: waitSeconds = DEFAULT_WAIT_SECONDS, workspace }: SyncNowInput,
  call: CallContext = {},
): Promise<SyncNowAnswer> => {
  const port = deps.syncing?.port;
  if (port === undefined) throw deps.syncing?.pausedBy([]) ?? new AppError('SYNC_OFF');
  const startedAt = performance.now();
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), waitSeconds * 1000);
  const ended = AbortSignal.any([waiting.signal, ...(call.signal ? [call.signal] : [])]);
  let outcomes: readonly Ended[] | null = null;
  try {
    const asked = await unlessEnded(port.ask(await aliasesOf(deps, workspace, call)), ended);
    if (asked !== undefined) outcomes = await watch(deps, asked, ended, call.onProgress);
  } finally {
    clearTimeout(timer);
  }
  // Not with the caller's signal: an answer that nobody waits for is no failure.
  const status = await getMirrorStatus(
    deps,
    { workspace },
    call.deadlineMs === undefined ? {} : { deadlineMs: call.deadlineMs },
  );
  const incomplete = outcomes === null ? [] : missedBy(outcomes);
  const isComplete = outcomes?.every(({ outcome }) => 'status' in outcome && outcome.status === 'complete');
  return {
    outcome:
      outcomes === null
        ? status.state === 'syncing'
          ? 'running'
          : 'requested'
        : isComplete
          ? 'complete'
          : 'incomplete',
    waited_ms: Math.round(performance.now() - startedAt),
    time_left_ms: outcomes === null ? longestLeft(status) : 0,
    run: outcomes === null ? null : summaryOf(outcomes),
    incomplete,
    status,
  };
};

/** The aliases of the workspace that is named by one or by its id; undefined for all. @throws AppError WORKSPACE_* */
const aliasesOf = async (
  deps: QueryDeps,
  workspace: string | undefined,
  call: CallContext,
): Promise<readonly string[] | undefined> => {
  const named = workspace?.trim() ?? '';
  if (named === '') return undefined;
  const alias = named.toLowerCase();
  // One that is not mirrored yet can be synced all the same.
  if (deps.syncing?.aliases.includes(alias)) return [alias];
  return (await askedWorkspace(deps, named, call)).aliases;
};

const longestLeft = ({ workspaces }: MirrorStatusAnswer): number | null => {
  const times = workspaces.flatMap(({ progress }) => (progress === null ? [] : [timeLeft(progress)]));
  return times.length === 0 || times.includes(null) ? null : Math.max(...times.map(Number));
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

/** How a sync ended; null while it has not. */
const endOf = async (asked: AskedSync): Promise<Ended | null> => {
  try {
    const outcome = await asked.outcome();
    if (outcome === null) return null;
    await asked.forget().catch(() => undefined);
    return { alias: asked.alias, outcome };
  } catch (error) {
    await asked.forget().catch(() => undefined);
    return { alias: asked.alias, outcome: toAppError(error) };
  }
};

/**
 * Waits for the outcomes and tells how it goes on. @returns null when the caller stops waiting first
 * @throws AppError the failure, where none of the syncs came to anything
 */
const watch = async (
  deps: QueryDeps,
  asked: readonly AskedSync[],
  stopped: AbortSignal,
  onProgress: CallContext['onProgress'],
): Promise<readonly Ended[] | null> => {
  const tell = teller(onProgress);
  tell({ done: 0, total: null, message: 'A sync was asked for.' });
  const ends = new Map<AskedSync, Ended>();
  while (!stopped.aborted) {
    for (const sync of asked) {
      const end = ends.has(sync) ? null : await endOf(sync);
      if (end !== null) ends.set(sync, end);
    }
    if (ends.size === asked.length) return orThrow([...ends.values()]);
    if (onProgress) tell(await whereTheyStand(deps, asked));
    await sleep(POLL_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
  return null;
};

const orThrow = (ends: readonly Ended[]): readonly Ended[] => {
  const failures = ends.flatMap(({ outcome }) => (outcome instanceof AppError ? [outcome] : []));
  if (failures.length === ends.length && failures[0]) throw failures[0];
  return ends;
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

/** Of all that were asked for together; null while none of them runs. */
const whereTheyStand = async (
  { reader }: QueryDeps,
  asked: readonly AskedSync[],
): Promise<CallProgress | null> => {
  const stands = await Promise.all(
    asked.map(async ({ alias, workspaceId }) => ({ alias, at: await whereItStands(reader, workspaceId) })),
  );
  const running = stands.flatMap(({ alias, at }) => (at === null ? [] : [{ alias, ...at }]));
  if (running.length === 0) return null;
  const totals = running.map(({ total }) => total);
  return {
    done: running.reduce((sum, { done }) => sum + done, 0),
    total: totals.includes(null) ? null : totals.reduce((sum: number, total) => sum + (total ?? 0), 0),
    message: running
      .map(({ alias, message }) => (asked.length === 1 ? message : `${alias}: ${message}`))
      .join(' '),
  };
};

const whereItStands = async (
  reader: QueryDeps['reader'],
  workspaceId: string,
): Promise<CallProgress | null> => {
  const run = await reader.read('findRun', { workspaceId });
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

import { setTimeout as sleep } from 'node:timers/promises';
import { PRIORITY } from '../data/fetch-priority.ts';
import type { QueuedObject } from '../data/reads/fetch-queue.ts';
import type { FetchFailure } from '../data/writes/fetch-queue.ts';
import { type AppError, isAppError } from '../errors/app-error.ts';
import { NOT_PERMITTED } from './not-permitted.ts';
import { longestRetryDelay, retryDelay } from './retry-time.ts';
import type { RunContext } from './run-context.ts';
import type { SyncEntity } from './types.ts';

/** Objects that are fetched one by one because no list gives them whole. */
export interface ObjectSource<Item> {
  /** Under this name they wait in the queue, and it is noted whether they may be read. */
  readonly queue: string;
  /** They count as part of it. */
  readonly entity: SyncEntity;
  /** @throws AppError INTERCOM_* */
  readonly fetch: (run: RunContext, id: string, priority: 'high' | 'normal') => Promise<Item>;
  /** One transaction; what is stored leaves the queue. */
  readonly store: (
    run: RunContext,
    items: readonly Item[],
    failures: readonly FetchFailure[],
  ) => Promise<void>;
}

/** Objects fetched at the same time, and written together: threads of conversations run beside them. */
const AT_ONCE = 16;

/**
 * Fetches what waits in one queue until nothing is left that could be had in this run. Where Intercom says that this may
 * not be read, no second object is asked for. @returns the refusal
 * @throws what ends the whole run
 */
export const fetchQueued = async <Item>(
  run: RunContext,
  source: ObjectSource<Item>,
): Promise<AppError | undefined> => {
  for (;;) {
    const due = await nextObjects(run, source.queue);
    if (due.length === 0) break;
    const refusal = await fetchAll(run, source, due);
    if (refusal !== undefined) return refusal;
  }
  await reportWaiting(run, source);
  return undefined;
};

/** Of what webhooks announced so much is looked at together. */
const MAX_LIVE = 500;

/**
 * Fetches at once what webhooks announced: `ids`, which were just put into the queue, and what is due again of those before.
 * It waits for nothing. Where this may not be read, what is left is tried again after a long pause. @returns the refusal
 * @throws what ends the whole run
 */
export const fetchLive = async <Item>(
  run: RunContext,
  source: ObjectSource<Item>,
  ids: readonly string[],
): Promise<AppError | undefined> => {
  const { clock, fence, store } = run;
  const now = clock.now();
  const args = { workspaceId: fence.workspaceId, entity: source.queue, limit: MAX_LIVE, now };
  const due = (await store.read('listQueue', args)).filter(({ priority }) => priority === PRIORITY.live);
  const queued = new Set(due.map(({ id }) => id));
  // An answer that was on its way already may have taken one off the queue, and be older than the news.
  const others = ids.filter((id) => !queued.has(id));
  const objects = [...due, ...others.map((id) => ({ id, attempts: 0, priority: PRIORITY.live }))];
  const refusal = await fetchAll(run, source, objects);
  if (refusal !== undefined) await putOff(run, source, objects, refusal);
  return refusal;
};

const putOff = async <Item>(
  run: RunContext,
  source: ObjectSource<Item>,
  objects: readonly QueuedObject[],
  { code }: AppError,
): Promise<void> => {
  const at = run.clock.now();
  const notBefore = at + run.tuning.parkDelayMs;
  await source.store(
    run,
    [],
    objects.map(({ id }) => ({ id, code, at, notBefore })),
  );
};

/** The first one alone: where it is refused, the others are not asked for. @returns the refusal */
const fetchAll = async <Item>(
  run: RunContext,
  source: ObjectSource<Item>,
  objects: readonly QueuedObject[],
): Promise<AppError | undefined> => {
  for (let start = 0, size = 1; start < objects.length; start += size, size = AT_ONCE) {
    const refusal = await fetchTogether(run, source, objects.slice(start, start + size));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
};

/** What is due; waits for what failed and may be tried again in this run. */
const nextObjects = async (run: RunContext, queue: string): Promise<readonly QueuedObject[]> => {
  const { clock, fence, signal, store, tuning } = run;
  const { workspaceId } = fence;
  for (;;) {
    signal.throwIfAborted();
    const now = clock.now();
    const due = await store.read('listQueue', { workspaceId, entity: queue, limit: AT_ONCE, now });
    if (due.length > 0) return due;
    const horizon = now + longestRetryDelay(tuning);
    const next = await store.read('nextQueueTime', { workspaceId, entity: queue, horizon });
    if (next === null) return [];
    await sleep(Math.max(1, next - now), undefined, { signal }).catch(() => undefined);
  }
};

const fetchTogether = async <Item>(
  run: RunContext,
  source: ObjectSource<Item>,
  objects: readonly QueuedObject[],
): Promise<AppError | undefined> => {
  const outcomes = await Promise.all(objects.map((object) => fetchOne(run, source, object)));
  const items = outcomes.flatMap((outcome) => ('item' in outcome ? [outcome.item] : []));
  const failures = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []));
  if (items.length > 0 || failures.length > 0) await source.store(run, items, failures);
  run.report.entity(source.entity).fetched += items.length;
  return outcomes.flatMap((outcome) => ('refusal' in outcome ? [outcome.refusal] : []))[0];
};

type Outcome<Item> =
  | { readonly item: Item }
  | { readonly failure: FetchFailure }
  | { readonly refusal: AppError };

const fetchOne = async <Item>(
  run: RunContext,
  source: ObjectSource<Item>,
  { attempts, id, priority }: QueuedObject,
): Promise<Outcome<Item>> => {
  const { clock, judgeRefusal, signal, tuning } = run;
  try {
    return { item: await source.fetch(run, id, priority === PRIORITY.live ? 'high' : 'normal') };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!isAppError(error)) throw error;
    const known = await judgeRefusal(error);
    if (known.code === 'INTERCOM_UNAUTHORIZED' || known.code === 'INTERCOM_FOREIGN_HOST') throw known;
    if (NOT_PERMITTED.has(known.code)) return { refusal: known };
    const at = clock.now();
    return {
      failure: {
        id,
        code: known.code,
        at,
        notBefore: at + retryDelay(tuning, attempts + 1, known.code),
      },
    };
  }
};

/** One that cannot be had is named and does not stop the rest. */
const reportWaiting = async <Item>(run: RunContext, source: ObjectSource<Item>): Promise<void> => {
  const { fence, report, store } = run;
  const { entity, queue } = source;
  const { parked } = await store.read('readQueueState', {
    workspaceId: fence.workspaceId,
    entity: queue,
    parkedFrom: 0,
  });
  report.incomplete.push(...parked.map(({ code, id }) => ({ entity, id, code })));
  report.entity(entity).failed += parked.length;
};

import { setTimeout as sleep } from 'node:timers/promises';
import { toAppError } from '../errors/app-error.ts';
import { purgeWhenQuiet } from './purge-redacted.ts';
import type { RunContext } from './run-context.ts';
import { takeWakes } from './take-wakes.ts';
import { ThreadFetcher } from './thread-fetcher.ts';
import { fetchWokenObjects } from './woken-objects.ts';

const ENTITY = 'conversations';
/** How often the holder of the lease looks for what webhooks announced, in whatever process they arrived. */
const WAKE_POLL_MS = 500;
/** While nothing else is to be done, one turn takes in more for this long; then requests and polls have theirs. */
const TURN_MS = 5_000;

/** @returns false when nothing was announced */
const wakeFetcher = async (run: RunContext, fetcher: ThreadFetcher): Promise<boolean> => {
  const taken = await takeWakes(run, ENTITY, () => fetcher.underWay());
  if (taken.length > 0) fetcher.reread();
  return taken.length > 0;
};

const pause = (ended: AbortSignal): Promise<unknown> =>
  sleep(WAKE_POLL_MS, undefined, { signal: ended, ref: false }).catch(() => undefined);

/** While a fetcher works, what webhooks announce of conversations goes first, also during a backfill. */
export const obeyWakes = async (
  run: RunContext,
  fetcher: ThreadFetcher,
  until: AbortSignal,
): Promise<void> => {
  const ended = AbortSignal.any([until, run.signal]);
  while (!ended.aborted) {
    // A look that fails takes nothing along: the next one, or a poll, finds the same.
    await wakeFetcher(run, fetcher).catch((error: unknown) =>
      run.logger.warn({ code: toAppError(error).code }, 'what webhooks announced could not be looked up'),
    );
    await pause(ended);
  }
};

/** One look: fetches the threads that webhooks announced. @throws what ends a run */
const fetchWokenThreads = async (run: RunContext): Promise<void> => {
  const fetcher = new ThreadFetcher(run);
  if (!(await wakeFetcher(run, fetcher))) return;
  fetcher.listingDone();
  const drained = new AbortController();
  const draining = fetcher.drain().finally(() => drained.abort());
  const [fetched] = await Promise.allSettled([
    draining,
    obeyWakes(run, fetcher, AbortSignal.any([drained.signal, AbortSignal.timeout(TURN_MS)])),
  ]);
  if (fetched.status === 'rejected') throw fetched.reason;
};

type Look = (run: RunContext) => Promise<void>;

const lookUntil = async (run: RunContext, until: AbortSignal, look: Look): Promise<void> => {
  const ended = AbortSignal.any([until, run.signal]);
  while (!ended.aborted) {
    await look(run);
    await pause(ended);
  }
};

/**
 * One short turn: fetches what webhooks announced and lists nothing. While threads or objects wait for their answers, the
 * other ones are looked for again. What they took back is wiped behind them. @throws what ends a run
 */
export const fetchWoken = async (run: RunContext): Promise<void> => {
  const looks: readonly Look[] = [fetchWokenThreads, fetchWokenObjects];
  const settled = new AbortController();
  const ended = AbortSignal.any([settled.signal, run.signal]);
  let first = looks.length;
  const obey = async (look: Look): Promise<void> => {
    try {
      await look(run);
      first -= 1;
      if (first === 0) settled.abort();
      await pause(ended);
      await lookUntil(run, ended, look);
    } catch (error) {
      settled.abort();
      throw error;
    }
  };
  const failed = (await Promise.allSettled(looks.map(obey))).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  if (!run.signal.aborted) await purgeWhenQuiet(run);
};

/** Threads, for as long as something else of the run goes on. @throws what ends a run */
export const fetchWokenThreadsUntil = (run: RunContext, until: AbortSignal): Promise<void> =>
  lookUntil(run, until, fetchWokenThreads);

/** Everything else. @throws what ends a run */
export const fetchWokenObjectsUntil = (run: RunContext, until: AbortSignal): Promise<void> =>
  lookUntil(run, until, fetchWokenObjects);

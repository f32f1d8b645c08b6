import { setTimeout as sleep } from 'node:timers/promises';
import { toAppError } from '../errors/app-error.ts';
import { fetchCompanies } from './company-objects.ts';
import { fetchContacts } from './contact-objects.ts';
import type { RunContext } from './run-context.ts';
import { ThreadFetcher } from './thread-fetcher.ts';

const ENTITY = 'conversations';
/** How often the holder of the lease looks for what webhooks announced, in whatever process they arrived. */
const WAKE_POLL_MS = 500;
/** Moved at once. */
const BATCH = 500;
/** While nothing else is to be done, one turn takes in more for this long; then requests and polls have theirs. */
const TURN_MS = 5_000;

/**
 * Moves what webhooks announced of an entity to the front of its queue. What is under way waits for the next look: its
 * answer may be older than the news. @returns objects moved
 */
const moveWakes = async (
  { clock, fence, store }: RunContext,
  entity: string,
  underWay: () => ReadonlySet<string> = () => new Set(),
): Promise<number> => {
  const { workspaceId } = fence;
  const wakes = await store.read('listWakes', { workspaceId, entity, limit: BATCH });
  if (wakes.length === 0) return 0;
  const busy = underWay();
  const ids = wakes.flatMap(({ id }) => (busy.has(id) ? [] : [id]));
  if (ids.length === 0) return 0;
  const until = Math.max(...wakes.map(({ receivedAt }) => receivedAt));
  return store.write('takeWakes', { fence, entity, ids, until, now: clock.now() });
};

/** The same for the queue of a fetcher. @returns true when there was something */
const takeWakes = async (run: RunContext, fetcher: ThreadFetcher): Promise<boolean> => {
  const taken = await moveWakes(run, ENTITY, () => fetcher.underWay());
  if (taken > 0) fetcher.reread();
  return taken > 0;
};

/** While a fetcher works, what webhooks announce goes first, also during a backfill. */
export const obeyWakes = async (
  run: RunContext,
  fetcher: ThreadFetcher,
  until: AbortSignal,
): Promise<void> => {
  const ended = AbortSignal.any([until, run.signal]);
  while (!ended.aborted) {
    // A look that fails takes nothing along: the next one, or a poll, finds the same.
    await takeWakes(run, fetcher).catch((error: unknown) =>
      run.logger.warn({ code: toAppError(error).code }, 'what webhooks announced could not be looked up'),
    );
    await sleep(WAKE_POLL_MS, undefined, { signal: ended, ref: false }).catch(() => undefined);
  }
};

/** Contacts and companies that webhooks announced. @throws what ends a run */
const fetchWokenObjects = async (run: RunContext): Promise<void> => {
  if ((await moveWakes(run, 'contacts')) > 0) await fetchContacts(run);
  if ((await moveWakes(run, 'companies')) > 0) await fetchCompanies(run);
};

/** One short turn: fetches what webhooks announced and lists nothing. @throws what ends a run */
export const fetchWoken = async (run: RunContext): Promise<void> => {
  await fetchWokenObjects(run).catch((error: unknown) => {
    const known = toAppError(error);
    // A list finds them later; a token that may not read them is told by then.
    if (run.signal.aborted || known.code === 'INTERCOM_UNAUTHORIZED') throw error;
    run.logger.warn({ code: known.code }, 'what webhooks announced could not be fetched');
  });
  const fetcher = new ThreadFetcher(run);
  if (!(await takeWakes(run, fetcher))) return;
  fetcher.listingDone();
  const drained = new AbortController();
  const draining = fetcher.drain().finally(() => drained.abort());
  const [fetched] = await Promise.allSettled([
    draining,
    obeyWakes(run, fetcher, AbortSignal.any([drained.signal, AbortSignal.timeout(TURN_MS)])),
  ]);
  if (fetched.status === 'rejected') throw fetched.reason;
};

/** Such turns for as long as something else of the run goes on. @throws what ends a run */
export const fetchWokenUntil = async (run: RunContext, until: AbortSignal): Promise<void> => {
  const ended = AbortSignal.any([until, run.signal]);
  while (!ended.aborted) {
    await fetchWoken(run);
    await sleep(WAKE_POLL_MS, undefined, { signal: ended, ref: false }).catch(() => undefined);
  }
};

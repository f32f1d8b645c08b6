import type { RunContext } from './run-context.ts';

/** Moved at once. */
const BATCH = 500;

/**
 * Moves what webhooks announced of an entity to the front of its queue. What is under way waits for the next look: its
 * answer may be older than the news. @returns what was moved
 */
export const takeWakes = async (
  { clock, fence, store }: RunContext,
  entity: string,
  underWay: () => ReadonlySet<string> = () => new Set(),
): Promise<readonly string[]> => {
  const { workspaceId } = fence;
  const wakes = await store.read('listWakes', { workspaceId, entity, limit: BATCH });
  if (wakes.length === 0) return [];
  const busy = underWay();
  const ids = wakes.flatMap(({ id }) => (busy.has(id) ? [] : [id]));
  if (ids.length === 0) return [];
  const until = Math.max(...wakes.map(({ receivedAt }) => receivedAt));
  return store.write('takeWakes', { fence, entity, ids, until, now: clock.now() });
};

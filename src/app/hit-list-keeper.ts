import type { Store } from '../data/store.ts';
import type { HitListKeeper } from '../query/hit-list-port.ts';
import type { Logger } from '../telemetry/logger.ts';

/** Lists held in memory, of about 4 KB each: for pages that are asked for before a list is written. */
const HELD = 256;

export interface StoredHitLists extends HitListKeeper, AsyncDisposable {}

/**
 * Keeps lists in the database, so that a cursor outlives the process and works in others. The write does not hold up the answer;
 * meanwhile, and where it fails, memory has the list.
 */
export const keepHitLists = (store: Store, logger: Logger): StoredHitLists => {
  const held = new Map<string, { readonly hits: Uint8Array; isWritten: boolean }>();
  let writing: Promise<unknown> = Promise.resolve();
  const keyOf = (workspaceId: string, listId: string): string => `${workspaceId} ${listId}`;
  return {
    keep(workspaceId, listId, hits) {
      const key = keyOf(workspaceId, listId);
      const list = held.get(key) ?? { hits, isWritten: false };
      held.delete(key);
      held.set(key, list);
      for (const oldest of held.keys()) {
        if (held.size <= HELD) break;
        held.delete(oldest);
      }
      if (list.isWritten) return;
      list.isWritten = true;
      const write = () => store.write('keepSearchList', { workspaceId, listId, hits });
      writing = writing.then(write).catch((error: unknown) => {
        // With the next page that is asked for it is tried again.
        list.isWritten = false;
        logger.warn({ err: error }, 'what a search found could not be kept for its further pages');
      });
    },
    find: (workspaceId, listId) => held.get(keyOf(workspaceId, listId))?.hits,
    async [Symbol.asyncDispose]() {
      await writing;
    },
  };
};

import type { Store } from '../../src/data/store.ts';
import type { World } from '../../src/sandbox/world.ts';
import { toIncoming } from '../../src/sync/conversation-source.ts';
import { beginSync, hydrate, list, WORKSPACE } from '../contract/builders.ts';

const PAGE = 150;

/** Puts the conversations of a sandbox's world into a store with their threads, as a sync would, without its server, as a workspace of this alias. */
export const mirrorWorld = async (
  store: Store,
  { conversations, workspace }: World,
  alias = 'default',
): Promise<void> => {
  const fence = await beginSync(store, { ...WORKSPACE, id: alias, time_zone: workspace.timezone }, alias);
  for (let start = 0; start < conversations.count; start += PAGE) {
    const size = Math.min(PAGE, conversations.count - start);
    const page = Array.from({ length: size }, (_, index) => {
      const object = conversations.object(start + index);
      const found = toIncoming(JSON.stringify(object), object);
      if (found === undefined) throw new Error('a conversation has no id');
      return found;
    });
    await list(store, fence, page);
    await hydrate(
      store,
      fence,
      page.map((each) => ({ ...each, fetchedAt: 1_900_000_000, retryAt: 0 })),
    );
  }
};

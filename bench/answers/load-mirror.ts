import { createWorld } from '../../src/sandbox/world/create-world.ts';
import { openStore, type OpenedStore } from '../../src/storage/open-store.ts';
import { toIncoming } from '../../src/sync/conversation-source.ts';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { beginSync, hydrate } from '../../test/contract/builders.ts';

const BATCH = 500;
const SEED = 7;

/** A mirror in bulk, and how fast it was filled. */
export interface LoadedMirror {
  readonly store: OpenedStore;
  /** Ids of the conversations, and one of its messages each, in HTML. */
  readonly samples: readonly { readonly id: string; readonly text: string; readonly parts: number }[];
  readonly loadMs: number;
}

/** Every so many conversations one is kept as a sample. */
const SAMPLES = 4_000;

interface Conversation {
  readonly id: string;
  readonly source: { readonly body: string | null };
  readonly conversation_parts: { readonly conversation_parts: readonly { readonly body: string | null }[] };
}

const plain = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/&\w+;/g, ' ')
    .trim();

/** Fills an empty database with conversations of the sandbox, through the storage layer, as threads come in. */
export const loadMirror = async (
  url: string,
  conversations: number,
  corpus: string | undefined,
): Promise<LoadedMirror> => {
  const world = await createWorld({
    conversations,
    seed: SEED,
    ...(corpus === undefined ? {} : { corpusDir: corpus }),
  });
  const store = await openStore({ url, mode: 'readWrite', logger: silentLogger });
  const fence = await beginSync(store);
  const samples: { id: string; text: string; parts: number }[] = [];
  const every = Math.max(1, Math.floor(conversations / SAMPLES));
  let loadMs = 0;
  for (let start = 0; start < conversations; start += BATCH) {
    const threads = [];
    for (let rank = start; rank < Math.min(conversations, start + BATCH); rank += 1) {
      const object = world.conversations.object(rank) as unknown as Conversation;
      const text = JSON.stringify(object);
      const incoming = toIncoming(text, object);
      if (incoming === undefined) throw new Error('the sandbox made a conversation without an id');
      threads.push({ ...incoming, fetchedAt: 1_900_000_000, retryAt: 0 });
      if (rank % every === 0) {
        const parts = object.conversation_parts.conversation_parts;
        const bodies = [object.source.body, ...parts.map(({ body }) => body)].filter((body) => body !== null);
        samples.push({
          id: object.id,
          text: plain(bodies[rank % bodies.length] ?? ''),
          parts: parts.length + 1,
        });
      }
    }
    const began = performance.now();
    const { mergeDue } = await hydrate(store, fence, threads);
    if (mergeDue) while (await store.write('mergeSearchIndex', { fence }));
    loadMs += performance.now() - began;
  }
  return { store, samples, loadMs };
};

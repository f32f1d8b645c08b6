import type { ThreadPart } from '../../entities/conversation/table.ts';
import { sliceArray, sliceElements } from '../../lib/json/slice-json.ts';
import { asId, asObject } from '../../lib/read-json.ts';
import type { WriteContext } from '../context.ts';
import { unpackText } from '../payload-codec.ts';
import { unpackThread } from '../thread-codec.ts';
import type { IncomingConversation } from './incoming-conversation.ts';

/** A thread together with what earlier answers gave of it. */
export interface JoinedThread {
  readonly thread: readonly ThreadPart[];
  /** JSON of the parts that the answer does not hold, oldest first; null when there are none. */
  readonly olderParts: string | null;
}

const rawParts = (payload: string): string[] => {
  try {
    return sliceArray(payload, 'conversation_parts', 'conversation_parts');
  } catch {
    // The payload of a list item, or of an object without parts.
    return [];
  }
};

const idOf = (raw: string): string | null => asId(asObject(JSON.parse(raw)).id);

/**
 * Intercom gives the newest 500 parts at most, so an answer that is not whole must not take away what is known: its parts
 * are joined to the stored ones (TRAPS T25).
 */
export const joinOlderParts = async (
  { db }: WriteContext,
  workspaceId: string,
  docId: number,
  incoming: IncomingConversation,
): Promise<JoinedThread> => {
  const stored = await db
    .selectFrom('conversation_contents')
    .select(['thread', 'payload', 'older_parts'])
    .where('workspace_id', '=', workspaceId)
    .where('doc_id', '=', docId)
    .executeTakeFirst();
  if (stored === undefined) return { thread: incoming.parts, olderParts: null };
  const [opening, ...given] = incoming.parts;
  const givenIds = new Set(given.map((part) => part.id));
  const older = unpackThread(stored.thread)
    .slice(1)
    .filter((part) => !givenIds.has(part.id));
  const raw = [
    ...(stored.older_parts === null ? [] : sliceElements(unpackText(stored.older_parts))),
    ...rawParts(unpackText(stored.payload)),
  ].filter((part) => !givenIds.has(idOf(part) ?? ''));
  const thread = [...(opening === undefined ? [] : [opening]), ...older, ...given].map((part, position) => ({
    ...part,
    position,
  }));
  return { thread, olderParts: raw.length === 0 ? null : `[${raw.join(',')}]` };
};

import type { JsonObject, World } from '../world.ts';
import { createLiveTable, type LiveTable } from './live-table.ts';

export interface Deletion {
  readonly id: string;
  readonly metrics_retained: boolean;
  /** Unix seconds. */
  readonly deleted_at: number;
}

/** The workspace as it is now. */
export interface LiveWorld {
  readonly world: World;
  readonly conversations: LiveTable;
  readonly contacts: LiveTable;
  /** Oldest first. */
  readonly deletions: Deletion[];
  /** Contact → the one it was merged into. */
  readonly merges: Map<string, string>;
  /** Unix seconds. */
  now(): number;
  /** An id that no part of the world has. */
  newPartId(): string;
}

const NEW_PART_IDS = 80_000_000_000;

export const createLiveWorld = (
  world: World,
  options: { readonly now: () => number; readonly indexLag: () => number },
): LiveWorld => {
  let parts = 0;
  return {
    world,
    conversations: createLiveTable(world.conversations, options),
    contacts: createLiveTable(world.contacts, options),
    deletions: [],
    merges: new Map(),
    now: options.now,
    newPartId: () => String(NEW_PART_IDS + (parts += 1)),
  };
};

export const partsOf = (conversation: JsonObject): JsonObject[] =>
  (conversation.conversation_parts as { conversation_parts: JsonObject[] }).conversation_parts;

import { invalid } from './errors.ts';
import type { LiveTable } from './live/live-table.ts';
import type { LiveWorld } from './live/live-world.ts';
import type { JsonObject, ListName } from './world.ts';

/** What the sandbox holds now, for comparison with a mirror. */
export interface ObjectPage {
  readonly kind: string;
  /** Places to look at; some are empty, where something is gone. */
  readonly places: number;
  /** Where the next page begins; null at the end. */
  readonly next: number | null;
  /** Whole: all parts, all fields, as the latest version shows them. */
  readonly objects: readonly JsonObject[];
}

const MOST = 1_000;

interface Source {
  readonly places: number;
  at(place: number): JsonObject | undefined;
}

const detailsOf = (live: LiveWorld): Source => ({
  places: live.contacts.ranks,
  at(rank) {
    const id = live.contacts.idOf(rank);
    const details = live.details(id);
    return details && ({ id, ...details } as unknown as JsonObject);
  },
});

const qualityOf = (live: LiveWorld): Source => ({
  places: live.conversations.ranks,
  at(rank) {
    const conversation = live.conversations.at(rank);
    return conversation && ({ id: conversation.id, ...live.quality(conversation) } as JsonObject);
  },
});

const tableOf = (table: LiveTable): Source => ({ places: table.ranks, at: table.at });

const TABLES = ['conversations', 'tickets', 'contacts', 'companies'] as const;

const sourceOf = (live: LiveWorld, kind: string): Source => {
  const table = TABLES.find((name) => name === kind);
  if (table !== undefined) return tableOf(live[table]);
  if (kind === 'contact_details') return detailsOf(live);
  if (kind === 'quality') return qualityOf(live);
  if (kind === 'deletions') return listOf(live.deletions as unknown as JsonObject[]);
  if (kind === 'merges') return listOf(live.mergeLog as unknown as JsonObject[]);
  if (Object.hasOwn(live.lists, kind)) return listOf(live.lists[kind as ListName]);
  const known = [...TABLES, 'contact_details', 'quality', 'deletions', 'merges', ...Object.keys(live.lists)];
  throw invalid(`There is no kind '${kind}'. Known: ${known.join(', ')}`);
};

const listOf = (items: readonly JsonObject[]): Source => ({
  places: items.length,
  at: (place) => items[place],
});

/**
 * A page of what the sandbox holds, in the order in which it came to be.
 * @param from a place, from 0 @throws ApiError 400
 */
export const objectsOf = (live: LiveWorld, kind: string, from = 0, limit = MOST): ObjectPage => {
  const source = sourceOf(live, kind);
  const until = Math.min(source.places, from + Math.max(1, Math.min(MOST, limit)));
  const objects: JsonObject[] = [];
  for (let place = from; place < until; place += 1) {
    const object = source.at(place);
    if (object !== undefined) objects.push(object);
  }
  return { kind, places: source.places, next: until < source.places ? until : null, objects };
};

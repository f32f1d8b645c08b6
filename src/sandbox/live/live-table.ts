import type { Collection, JsonObject, TimeField } from '../world.ts';
import { createTimeOrder, type Member, type TimeOrder } from './time-order.ts';

/**
 * A collection with what changed since the start laid over it. Objects are addressed by id, or by rank: the index of
 * what the world began with, and on from there for what was added.
 */
export interface LiveTable {
  /** Objects that are there now. */
  readonly size: number;
  /** Ranks that were ever given: all below this. */
  readonly ranks: number;
  /** Undefined for what never was; also what is gone has a rank. */
  rankOf(id: string): number | undefined;
  idOf(rank: number): string;
  /** Undefined for what is gone. */
  at(rank: number): JsonObject | undefined;
  get(id: string): JsonObject | undefined;
  /** True while an object is as the world began with it. */
  isUntouched(rank: number): boolean;
  /**
   * As search sees it: a change shows up only after the index has caught up (API-FACTS 4.6).
   * @param subset name of one that the table was made with; default: everything that is not hidden
   */
  order(field: TimeField, subset?: string): TimeOrder;
  /** Takes an object out of all orders, while `get` still finds it, or puts it back. @returns false when it is not there */
  hide(id: string, hidden: boolean): boolean;
  /** Changes an object. @returns false when it is not there */
  edit(id: string, change: (object: JsonObject) => void): boolean;
  /** Adds the draft that comes next in the collection. @returns its id */
  add(time: number, change: (object: JsonObject) => void): string;
  /** @returns false when it is not there */
  remove(id: string): boolean;
}

/** A part of a table that is listed by itself. */
export interface Subset {
  /** Whether what the world began with belongs to it; cheap, or asked once. */
  readonly first: Member;
  readonly holds: (object: JsonObject) => boolean;
}

export interface TableOptions {
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds that a change takes to be found by a search. */
  readonly indexLag: () => number;
  readonly subsets?: Readonly<Record<string, Subset>>;
}

const FIELDS = ['created_at', 'updated_at'] as const;

export const createLiveTable = (collection: Collection, options: TableOptions): LiveTable => {
  const changed = new Map<number, JsonObject>();
  const gone = new Set<number>();
  const added: string[] = [];
  const addedRanks = new Map<string, number>();
  const hiddenRanks = new Set<number>();
  /** Ranks whose places are no longer those of the beginning. */
  const indexed = new Set<number>();
  const orders = new Map<TimeField, TimeOrder>();
  const subOrders = new Map<string, { field: TimeField; subset: Subset; order: TimeOrder }>();
  let waiting: { readonly at: number; readonly rank: number }[] = [];

  const at = (rank: number): JsonObject | undefined => {
    if (gone.has(rank)) return undefined;
    return changed.get(rank) ?? (rank < collection.count ? collection.object(rank) : undefined);
  };
  const rankOf = (id: string): number | undefined => collection.indexOf(id) ?? addedRanks.get(id);
  const orderOf = (field: TimeField): TimeOrder => {
    const known = orders.get(field) ?? createTimeOrder(collection.times[field]);
    orders.set(field, known);
    return known;
  };
  const index = (rank: number): void => {
    const object = hiddenRanks.has(rank) ? undefined : at(rank);
    indexed.add(rank);
    for (const field of FIELDS) orderOf(field).place(rank, object && Number(object[field]));
    for (const { field, subset, order } of subOrders.values())
      order.place(rank, object && subset.holds(object) ? Number(object[field]) : undefined);
  };
  /** The order of a subset; made when it is first asked for, and then told what has changed until now. */
  const subOrderOf = (field: TimeField, name: string): TimeOrder => {
    const known = subOrders.get(`${name} ${field}`);
    if (known !== undefined) return known.order;
    const subset = options.subsets?.[name];
    if (subset === undefined) throw new Error(`there is no subset ${name}`);
    const order = createTimeOrder(collection.times[field], subset.first);
    subOrders.set(`${name} ${field}`, { field, subset, order });
    for (const rank of indexed) {
      const object = at(rank);
      order.place(rank, object && subset.holds(object) ? orderOf(field).timeOf(rank) : undefined);
    }
    return order;
  };
  const indexLater = (rank: number): void => {
    const lag = options.indexLag();
    if (lag > 0) waiting.push({ at: options.now() + lag, rank });
    else index(rank);
  };
  const catchUp = (): void => {
    if (waiting.length === 0) return;
    const now = options.now();
    const due = waiting.filter((entry) => entry.at <= now);
    waiting = waiting.filter((entry) => entry.at > now);
    for (const { rank } of due) index(rank);
  };

  return {
    get size() {
      return collection.count + added.length - gone.size;
    },
    get ranks() {
      return collection.count + added.length;
    },
    rankOf,
    idOf: (rank) => added[rank - collection.count] ?? collection.id(rank),
    at,
    get(id) {
      const rank = rankOf(id);
      return rank === undefined ? undefined : at(rank);
    },
    isUntouched: (rank) => rank < collection.count && !changed.has(rank) && !gone.has(rank),
    order(field, subset) {
      catchUp();
      return subset === undefined ? orderOf(field) : subOrderOf(field, subset);
    },
    hide(id, hidden) {
      const rank = rankOf(id);
      if (rank === undefined || at(rank) === undefined) return false;
      if (hidden) hiddenRanks.add(rank);
      else hiddenRanks.delete(rank);
      index(rank);
      return true;
    },
    edit(id, change) {
      const rank = rankOf(id);
      const object = rank === undefined ? undefined : at(rank);
      if (rank === undefined || object === undefined) return false;
      // What the collection gives is built anew for each call, so it is ours to change.
      change(object);
      changed.set(rank, object);
      indexLater(rank);
      return true;
    },
    add(time, change) {
      const rank = collection.count + added.length;
      const object = collection.draft(added.length, time);
      change(object);
      const id = collection.id(rank);
      added.push(id);
      addedRanks.set(id, rank);
      changed.set(rank, object);
      indexLater(rank);
      return id;
    },
    remove(id) {
      const rank = rankOf(id);
      if (rank === undefined || at(rank) === undefined) return false;
      gone.add(rank);
      changed.delete(rank);
      // A search reads what it found from the database: what is gone drops out at once.
      index(rank);
      return true;
    },
  };
};

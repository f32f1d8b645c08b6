import type { Span } from './spans.ts';

/** Where an object stands in an order: by time (Unix seconds), then by rank, which ascends with the id. */
export interface Place {
  readonly time: number;
  readonly rank: number;
}

/** A part of an order. */
export interface Walk extends Span {
  readonly ascending: boolean;
  /** Begins behind this place, whether or not something stands there. */
  readonly after?: Place;
}

/**
 * The objects of a collection in the order of one time. What the world began with stands in typed arrays and is never
 * moved; what has changed since is hidden there and kept in a small sorted list beside it. So a window costs two binary
 * searches and a page costs its rows, whatever the size of the world.
 */
export interface TimeOrder {
  /** Objects within a span of time. */
  count(span: Span): number;
  /** Ranks in order. */
  walk(walk: Walk): Iterable<number>;
  /** Undefined for what the order does not hold. */
  timeOf(rank: number): number | undefined;
  /** Moves an object, adds it, or takes it out (undefined). */
  place(rank: number, time: number | undefined): void;
}

const compare = (a: Place, b: Place): number => a.time - b.time || a.rank - b.rank;

/** First of `length` positions for which `isBelow` is false; it must be true for all before that. */
const firstNot = (length: number, isBelow: (position: number) => boolean): number => {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBelow(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
};

const isSorted = (times: Int32Array): boolean => {
  for (let index = 1; index < times.length; index += 1)
    if ((times[index - 1] ?? 0) > (times[index] ?? 0)) return false;
  return true;
};

/** Says of the ranks that the world began with whether an order holds them. */
export type Member = (rank: number) => boolean;

const countOf = (length: number, member: Member): number => {
  let count = 0;
  for (let rank = 0; rank < length; rank += 1) if (member(rank)) count += 1;
  return count;
};

/** Positions → ranks; undefined where both are the same. Time and rank share one double: 2^31 · 2^20 < 2^53. */
const sortedRanks = (times: Int32Array, member: Member | undefined): Uint32Array | undefined => {
  if (member === undefined && isSorted(times)) return undefined;
  const count = times.length;
  const keys = new Float64Array(member === undefined ? count : countOf(count, member));
  let filled = 0;
  for (let rank = 0; rank < count; rank += 1) {
    if (member?.(rank) === false) continue;
    keys[filled] = (times[rank] ?? 0) * count + rank;
    filled += 1;
  }
  keys.sort();
  const ranks = new Uint32Array(keys.length);
  for (let position = 0; position < keys.length; position += 1) {
    const key = keys[position] ?? 0;
    ranks[position] = key - Math.floor(key / count) * count;
  }
  return ranks;
};

/** A sorted list of places, read by position. */
interface Row {
  readonly length: number;
  at(position: number): Place;
}

const countIn = (row: Row, { low, high }: Span): number =>
  firstNot(row.length, (position) => row.at(position).time <= high) -
  firstNot(row.length, (position) => row.at(position).time < low);

/** Positions of a walk: the first one to read, and how many. */
const cut = (row: Row, { low, high, ascending, after }: Walk): { position: number; left: number } => {
  let first = firstNot(row.length, (position) => row.at(position).time < low);
  let end = firstNot(row.length, (position) => row.at(position).time <= high);
  if (after !== undefined && ascending)
    first = Math.max(
      first,
      firstNot(row.length, (position) => compare(row.at(position), after) <= 0),
    );
  if (after !== undefined && !ascending)
    end = Math.min(
      end,
      firstNot(row.length, (position) => compare(row.at(position), after) < 0),
    );
  return { position: ascending ? first : end - 1, left: Math.max(0, end - first) };
};

/** What has changed since the world began: places in order, and each rank's own. */
const createChanges = () => {
  const places: Place[] = [];
  const times = new Map<number, number>();
  const positionOf = (place: Place): number =>
    firstNot(places.length, (position) => compare(places[position] as Place, place) < 0);
  return {
    row: {
      get length() {
        return places.length;
      },
      at: (position: number): Place => places[position] as Place,
    } satisfies Row,
    timeOf: (rank: number): number | undefined => times.get(rank),
    put(rank: number, time: number | undefined): void {
      const known = times.get(rank);
      if (known !== undefined) places.splice(positionOf({ time: known, rank }), 1);
      times.delete(rank);
      if (time === undefined) return;
      places.splice(positionOf({ time, rank }), 0, { time, rank });
      times.set(rank, time);
    },
  };
};

/**
 * @param times by rank, Unix seconds
 * @param member what the order begins with; default: everything
 */
export const createTimeOrder = (times: Int32Array, member?: Member): TimeOrder => {
  const ranks = sortedRanks(times, member);
  const firstTimeOf = (rank: number): number | undefined =>
    member === undefined || (rank < times.length && member(rank)) ? times[rank] : undefined;
  const base: Row = {
    length: ranks?.length ?? times.length,
    at: (position) => {
      const rank = ranks?.[position] ?? position;
      return { time: times[rank] ?? 0, rank };
    },
  };
  const changes = createChanges();
  /** Ranks that no longer stand where the world began with them, and their old places. */
  const hidden = new Set<number>();
  const old = createChanges();

  return {
    count: (span) => countIn(base, span) - countIn(old.row, span) + countIn(changes.row, span),
    *walk(walk) {
      const step = walk.ascending ? 1 : -1;
      let { position, left } = cut(base, walk);
      const changed = cut(changes.row, walk);
      while (left > 0 || changed.left > 0) {
        const rank = left > 0 ? (ranks?.[position] ?? position) : -1;
        if (hidden.has(rank)) {
          position += step;
          left -= 1;
          continue;
        }
        const next = changed.left > 0 ? changes.row.at(changed.position) : undefined;
        if (next === undefined || (left > 0 && compare(base.at(position), next) * step < 0)) {
          yield rank;
          position += step;
          left -= 1;
        } else {
          yield next.rank;
          changed.position += step;
          changed.left -= 1;
        }
      }
    },
    timeOf: (rank) => changes.timeOf(rank) ?? (hidden.has(rank) ? undefined : firstTimeOf(rank)),
    place(rank, time) {
      const first = firstTimeOf(rank);
      if (first !== undefined && !hidden.has(rank)) {
        if (first === time) return;
        hidden.add(rank);
        old.put(rank, first);
      }
      changes.put(rank, time);
    },
  };
};

import type { LiveTable } from '../live/live-table.ts';
import type { Spans } from '../live/spans.ts';
import type { Place, TimeOrder } from '../live/time-order.ts';
import type { JsonObject, TimeField } from '../world.ts';
import type { Candidate, Condition } from './condition.ts';
import { encodeCursor, invalidCursor, type PageCursor } from './cursor.ts';

export interface PageRequest {
  readonly condition: Condition;
  /** Names the condition: two searches with the same key ask for the same. */
  readonly key: string;
  readonly sortBy: TimeField;
  readonly ascending: boolean;
  readonly perPage: number;
  readonly cursor: PageCursor | undefined;
  /** Of a page, at most: a short one leads on to what it did not show. */
  readonly shown: number;
}

export interface FoundPage {
  readonly items: readonly JsonObject[];
  readonly total: number;
  readonly pages: JsonObject;
}

type Tester = (rank: number) => boolean;

/** Remembered verdicts: this many queries, the latest. */
const KEPT_QUERIES = 8;
const UNKNOWN = 0;
const YES = 1;
const NO = 2;

/**
 * Searches a table. A plain window of time costs its page. Other conditions have to look at every object in their spans,
 * once: what the world began with never changes, so the verdict on it is kept, a byte for each.
 */
export const createFinder = (table: LiveTable, baseCount: number) => {
  const verdicts = new Map<string, Uint8Array>();

  const verdictsOf = (key: string): Uint8Array => {
    const known = verdicts.get(key) ?? new Uint8Array(baseCount);
    verdicts.delete(key);
    verdicts.set(key, known);
    const [oldest] = verdicts.keys();
    if (verdicts.size > KEPT_QUERIES && oldest !== undefined) verdicts.delete(oldest);
    return known;
  };

  const testerOf = ({ condition }: PageRequest): Tester => {
    const times = { created_at: table.order('created_at'), updated_at: table.order('updated_at') };
    return (rank) => {
      const candidate: Candidate = {
        time: (field) => times[field].timeOf(rank) ?? 0,
        object: () => table.at(rank) ?? {},
      };
      return condition.test(candidate);
    };
  };

  const remembering = (test: Tester, key: string): Tester => {
    const known = verdictsOf(key);
    return (rank) => {
      if (!table.isUntouched(rank)) return test(rank);
      if (known[rank] === UNKNOWN || known[rank] === undefined) known[rank] = test(rank) ? YES : NO;
      return known[rank] === YES;
    };
  };

  const placeOf = (cursor: PageCursor | undefined): Place | undefined => {
    if (cursor === undefined) return undefined;
    const rank = table.rankOf(cursor.id);
    if (rank === undefined) throw invalidCursor(cursor.id);
    return { time: cursor.time, rank };
  };

  return (request: PageRequest): FoundPage => {
    const order = table.order(request.sortBy);
    const { spans, exact } = request.condition.spans(request.sortBy);
    const counted = exactCount(table, request.condition);
    // Times are as quick to test as to remember.
    const plain = exact ? undefined : testerOf(request);
    const test = plain && counted === undefined ? remembering(plain, request.key) : plain;
    const ordered = request.ascending ? spans : spans.toReversed();
    const wanted = request.perPage + 1;
    const ranks: number[] = [];
    for (const rank of walkAll(order, ordered, request.ascending, placeOf(request.cursor))) {
      if (test?.(rank) === false) continue;
      ranks.push(rank);
      if (ranks.length === wanted) break;
    }
    const total = counted ?? countAll(order, ordered, test ?? (() => true));
    return toPage(table, order, request, { ranks, total });
  };
};

function* walkAll(
  order: TimeOrder,
  spans: Spans,
  ascending: boolean,
  after: Place | undefined,
): Generator<number> {
  for (const span of spans) yield* order.walk({ ...span, ascending, ...(after ? { after } : {}) });
}

/** How many match, where the spans of one time say it all. */
const exactCount = (table: LiveTable, condition: Condition): number | undefined => {
  for (const field of ['created_at', 'updated_at'] as const) {
    const { spans, exact } = condition.spans(field);
    if (exact) return spans.reduce((sum, span) => sum + table.order(field).count(span), 0);
  }
  return undefined;
};

const countAll = (order: TimeOrder, spans: Spans, test: Tester): number => {
  let count = 0;
  for (const rank of walkAll(order, spans, true, undefined)) if (test(rank)) count += 1;
  return count;
};

const toPage = (
  table: LiveTable,
  order: TimeOrder,
  request: PageRequest,
  found: { readonly ranks: readonly number[]; readonly total: number },
): FoundPage => {
  const shown = found.ranks.slice(0, Math.min(request.shown, request.perPage));
  const last = shown.at(-1);
  const page = request.cursor?.page ?? 1;
  const place = last === undefined ? request.cursor : { time: order.timeOf(last) ?? 0, id: table.idOf(last) };
  const next =
    place === undefined || found.ranks.length === shown.length
      ? {}
      : {
          next: {
            page: page + 1,
            starting_after: encodeCursor({ time: place.time, id: place.id, page: page + 1 }),
          },
        };
  return {
    items: shown.map((rank) => table.at(rank)).filter((item) => item !== undefined),
    total: found.total,
    pages: {
      type: 'pages',
      ...next,
      page,
      per_page: request.perPage,
      total_pages: Math.ceil(found.total / request.perPage),
    },
  };
};

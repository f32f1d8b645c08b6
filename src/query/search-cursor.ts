import type { SearchPosition } from '../data/reads/search-conversations.ts';
import type { Loosened } from '../data/search-index/types.ts';
import type { CursorField } from './cursor.ts';
import type { Relaxation } from './relax-query.ts';
import type { TimeBounds } from './time-bounds.ts';

/** How page one was asked: the query as it was loosened then, and the span that its words meant then. */
export interface PageOne {
  readonly relaxation: Relaxation;
  readonly loosened: Loosened;
  readonly bounds: TimeBounds | undefined;
}

/** By time: behind a row. */
export interface TimeCursor extends PageOne {
  readonly kind: 'time';
  readonly after: SearchPosition;
}

/** By relevance: from a place on in the list that page one fixed, with what was counted then. */
export interface ListCursor extends PageOne {
  readonly kind: 'list';
  /** See `keepList`. */
  readonly list: string;
  readonly from: number;
  readonly total: number;
  readonly strictTotal: number;
  readonly isCut: boolean;
}

export type SearchCursor = TimeCursor | ListCursor;

/** Stands where the places would, where one word is enough. */
const SOME = 'some';

/** Places below 64 as one bit each, in hexadecimal: a cursor is read by the model. */
const packPlaces = (places: readonly number[]): string | null =>
  places.length === 0 ? null : places.reduce((bits, place) => bits | (1n << BigInt(place)), 0n).toString(16);

const unpackPlaces = (packed: CursorField): number[] => {
  if (packed === null) return [];
  const bits = BigInt(`0x${packed}`);
  return Array.from({ length: 64 }, (_, place) => place).filter(
    (place) => ((bits >> BigInt(place)) & 1n) === 1n,
  );
};

const pageOneFields = ({ bounds, loosened, relaxation }: PageOne): CursorField[] => [
  relaxation,
  loosened.some ? SOME : packPlaces(loosened.dropped),
  ...(bounds === undefined ? [] : [bounds.start ?? null, bounds.end ?? null]),
];

const readPageOne = ([relaxation, dropped, ...span]: readonly CursorField[]): PageOne => {
  const [start = null, end = null] = span as readonly (number | null)[];
  return {
    relaxation: Number(relaxation) as Relaxation,
    loosened: { dropped: dropped === SOME ? [] : unpackPlaces(dropped ?? null), some: dropped === SOME },
    bounds:
      span.length === 0
        ? undefined
        : { ...(start === null ? {} : { start }), ...(end === null ? {} : { end }) },
  };
};

/** A cursor's parts, to be signed. That of a list begins with a text, that of a row with a number. */
export const toFields = (cursor: SearchCursor): CursorField[] => {
  if (cursor.kind === 'time') {
    const { createdAt, docId, key } = cursor.after;
    return [createdAt, key, docId, ...pageOneFields(cursor)];
  }
  const { from, isCut, list, strictTotal, total } = cursor;
  return [list, from, total, strictTotal, isCut ? 1 : 0, ...pageOneFields(cursor)];
};

/** The other half of {@link toFields}; signed by this mirror, so what it wrote is what stands here. */
export const fromFields = (fields: readonly CursorField[]): SearchCursor => {
  const [first] = fields;
  if (typeof first === 'string') {
    const [, from, total, strictTotal, isCut, ...rest] = fields;
    return {
      kind: 'list',
      list: first,
      from: Number(from),
      total: Number(total),
      strictTotal: Number(strictTotal),
      isCut: isCut === 1,
      ...readPageOne(rest),
    };
  }
  const [createdAt, key, docId, ...rest] = fields;
  return {
    kind: 'time',
    after: { score: null, createdAt: Number(createdAt), key: Number(key), docId: Number(docId) },
    ...readPageOne(rest),
  };
};

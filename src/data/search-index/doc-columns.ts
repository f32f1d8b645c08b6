import type { DocPicks } from './doc-picks.ts';
import type { SearchTimeField } from './types.ts';

/** Stands for "no time". */
const NO_TIME = -0x8000_0000;

/** What the index knows of the documents of a segment, by ordinal. They stand in the order of created_at, then key. */
export interface DocColumns {
  readonly size: number;
  readonly docIds: Int32Array;
  /** Intercom's id as a number: orders documents of the same second alike on both engines. */
  readonly keys: Float64Array;
  /** Unix seconds; `NO_TIME` for none. */
  readonly times: Readonly<Record<SearchTimeField, Int32Array>>;
  readonly lengths: Uint8Array;
}

export interface DocFacts {
  readonly docId: number;
  readonly key: number;
  readonly times: Readonly<Record<SearchTimeField, number | null>>;
  /** See `lengthByte`. */
  readonly length: number;
}

const FIELDS = [
  'created_at',
  'updated_at',
  'closed_at',
  'message_at',
] as const satisfies readonly SearchTimeField[];

/** Times that a broken payload may bring are moved to the nearest that fits. */
const toTime = (value: number | null): number =>
  value === null ? NO_TIME : Math.max(NO_TIME + 1, Math.min(0x7fff_ffff, Math.trunc(value)));

const MAX_SAFE_DIGITS = 15;
const FNV_OFFSET = 0xcbf2_9ce4;
const FNV_PRIME = 0x0100_0193;

/** An id as a number that orders and is the same everywhere: its value, or for other texts a hash (FNV-1a). */
export const keyOfId = (id: string): number => {
  if (/^[1-9]\d*$/.test(id) && id.length <= MAX_SAFE_DIGITS) return Number(id);
  let hash = FNV_OFFSET;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), FNV_PRIME) >>> 0;
  }
  return -1 - hash;
};

/** The order of documents in a segment. */
export const compareFacts = (a: DocFacts, b: DocFacts): number =>
  toTime(a.times.created_at) - toTime(b.times.created_at) || a.key - b.key || a.docId - b.docId;

const allocate = (size: number, buffer = new ArrayBuffer(size * 29), offset = 0): DocColumns => {
  const ints = (index: number) => new Int32Array(buffer, offset + 8 * size + 4 * size * index, size);
  return {
    size,
    keys: new Float64Array(buffer, offset, size),
    docIds: ints(0),
    times: { created_at: ints(1), updated_at: ints(2), closed_at: ints(3), message_at: ints(4) },
    lengths: new Uint8Array(buffer, offset + 28 * size, size),
  };
};

/** Documents in the order of {@link compareFacts} → columns. */
export const toColumns = (docs: readonly DocFacts[]): DocColumns => {
  const columns = allocate(docs.length);
  docs.forEach((doc, ordinal) => {
    columns.docIds[ordinal] = doc.docId;
    columns.keys[ordinal] = doc.key;
    for (const field of FIELDS) columns.times[field][ordinal] = toTime(doc.times[field]);
    columns.lengths[ordinal] = doc.length;
  });
  return columns;
};

/** The documents with these ordinals of these segments, in that order. */
export const pickColumns = (segments: readonly DocColumns[], picks: DocPicks): DocColumns => {
  const columns = allocate(picks.ordinals.length);
  picks.ordinals.forEach((ordinal, index) => {
    const from = segments[picks.sources[index] ?? 0];
    if (from === undefined) return;
    columns.docIds[index] = from.docIds[ordinal] ?? 0;
    columns.keys[index] = from.keys[ordinal] ?? 0;
    for (const field of FIELDS) columns.times[field][index] = from.times[field][ordinal] ?? NO_TIME;
    columns.lengths[index] = from.lengths[ordinal] ?? 0;
  });
  return columns;
};

/** Little endian on every machine that Node runs on. */
export const encodeColumns = (columns: DocColumns): Uint8Array =>
  new Uint8Array(columns.keys.buffer, columns.keys.byteOffset, columns.size * 29);

export const decodeColumns = (bytes: Uint8Array, size: number): DocColumns => {
  // Typed arrays need their own alignment, and the bytes of a row may stand anywhere in a larger buffer.
  const copy = new ArrayBuffer(size * 29);
  new Uint8Array(copy).set(bytes.subarray(0, size * 29));
  return allocate(size, copy);
};

/** Document numbers with their ordinals, sorted; made when a segment is first asked. */
const lookups = new WeakMap<DocColumns, Float64Array>();
const ORDINALS = 0x10_0000;

const lookupOf = (columns: DocColumns): Float64Array => {
  const known = lookups.get(columns);
  if (known !== undefined) return known;
  const lookup = Float64Array.from(columns.docIds, (docId, ordinal) => docId * ORDINALS + ordinal).sort();
  lookups.set(columns, lookup);
  return lookup;
};

/** Where a document stands in a segment; undefined when it is not there. */
export const ordinalOf = (columns: DocColumns, docId: number): number | undefined => {
  const lookup = lookupOf(columns);
  let low = 0;
  let high = lookup.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lookup[middle] ?? 0) < docId * ORDINALS) low = middle + 1;
    else high = middle;
  }
  const found = lookup[low];
  return found !== undefined && Math.floor(found / ORDINALS) === docId ? found % ORDINALS : undefined;
};

/** First ordinal whose created_at is not below `time`; the column is ascending. */
export const firstFrom = (created: Int32Array, time: number): number => {
  let low = 0;
  let high = created.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((created[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

export const hasTime = (value: number): boolean => value !== NO_TIME;

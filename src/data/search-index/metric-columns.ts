import type { DocPicks } from './doc-picks.ts';

/**
 * What is measured of a conversation, a number each: times in Unix seconds, durations in seconds as Intercom gives them
 * (API-FACTS 6.4), counts. A column keeps its place for ever; new ones are added at the end.
 */
export const METRIC_COLUMNS = [
  'waiting_since',
  'first_admin_reply_at',
  'first_close_at',
  'rating_requested_at',
  'time_to_assignment',
  'time_to_admin_reply',
  'time_to_first_close',
  'time_to_last_close',
  'median_time_to_reply',
  'handling_time',
  'adjusted_handling_time',
  'count_reopens',
  'count_assignments',
  'rating',
  'hydrated',
  'teammate_replies',
  'customer_messages',
  'bot_replies',
] as const;
export type MetricColumn = (typeof METRIC_COLUMNS)[number];

/** Stands for "no value" in a column. */
export const NO_VALUE = -0x8000_0000;
/** The same in a column of bytes. */
const NO_BYTE = 255;

/** The numbers of one conversation, and whose it is. */
export interface DocMetrics {
  readonly numbers: Readonly<Partial<Record<MetricColumn, number | null>>>;
  /** Ids of its contacts, as `idHash`. */
  readonly contacts: readonly number[];
}

/** The contacts of documents: how many each has, and the hashes of all, one document after the other. */
export interface ContactColumn {
  readonly counts: Uint8Array;
  readonly hashes: Float64Array;
}

/** A column as it is stored: none where no document has a value. */
export interface StoredColumn {
  readonly name: string;
  readonly data: Uint8Array;
}

export const CONTACTS = 'contacts';
/** A group conversation with more is counted with so many. */
const MAX_CONTACTS = 255;

const clamp = (value: number | null | undefined): number =>
  value === null || value === undefined || !Number.isFinite(value)
    ? NO_VALUE
    : Math.max(NO_VALUE + 1, Math.min(0x7fff_ffff, Math.trunc(value)));

/** Bytes where all values are small, else four bytes each, little endian; undefined where there is no value. */
export const encodeNumbers = (values: Int32Array): Uint8Array | undefined => {
  let isEmpty = true;
  let isSmall = true;
  for (const value of values) {
    if (value === NO_VALUE) continue;
    isEmpty = false;
    if (value < 0 || value >= NO_BYTE) isSmall = false;
  }
  if (isEmpty) return undefined;
  if (!isSmall) return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return Uint8Array.from(values, (value) => (value === NO_VALUE ? NO_BYTE : value));
};

/** The other half of {@link encodeNumbers}; `data` undefined: no document has a value. */
export const decodeNumbers = (data: Uint8Array | undefined, size: number): Int32Array => {
  const values = new Int32Array(size);
  if (data === undefined) return values.fill(NO_VALUE);
  if (data.length === size * 4) {
    new Uint8Array(values.buffer).set(data);
    return values;
  }
  for (let index = 0; index < size; index += 1) {
    const byte = data[index] ?? NO_BYTE;
    values[index] = byte === NO_BYTE ? NO_VALUE : byte;
  }
  return values;
};

const encodeContacts = ({ counts, hashes }: ContactColumn): Uint8Array | undefined => {
  if (hashes.length === 0) return undefined;
  const data = new Uint8Array(counts.length + hashes.byteLength);
  data.set(counts);
  data.set(new Uint8Array(hashes.buffer, hashes.byteOffset, hashes.byteLength), counts.length);
  return data;
};

export const decodeContacts = (data: Uint8Array | undefined, size: number): ContactColumn => {
  if (data === undefined) return { counts: new Uint8Array(size), hashes: new Float64Array() };
  const hashes = new Float64Array((data.length - size) / 8);
  new Uint8Array(hashes.buffer).set(data.subarray(size));
  return { counts: data.slice(0, size), hashes };
};

/** The metrics of documents, in their order, as columns; a document without any has no values. */
export function* columnsOfMetrics(docs: readonly (DocMetrics | undefined)[]): Generator<StoredColumn> {
  for (const name of METRIC_COLUMNS) {
    const data = encodeNumbers(Int32Array.from(docs, (doc) => clamp(doc?.numbers[name])));
    if (data !== undefined) yield { name, data };
  }
  const contacts = docs.map((doc) => (doc?.contacts ?? []).slice(0, MAX_CONTACTS));
  const data = encodeContacts({
    counts: Uint8Array.from(contacts, (each) => each.length),
    hashes: Float64Array.from(contacts.flat()),
  });
  if (data !== undefined) yield { name: CONTACTS, data };
}

/** The picked documents' values of one column. `sources`: the column of each segment. */
export const pickNumbers = (sources: readonly Int32Array[], picks: DocPicks): Uint8Array | undefined =>
  encodeNumbers(
    Int32Array.from(
      picks.ordinals,
      (ordinal, index) => sources[picks.sources[index] ?? 0]?.[ordinal] ?? NO_VALUE,
    ),
  );

/** Where each document's contacts begin. */
export const contactStarts = ({ counts }: ContactColumn): Int32Array => {
  const starts = new Int32Array(counts.length + 1);
  for (let ordinal = 0; ordinal < counts.length; ordinal += 1)
    starts[ordinal + 1] = (starts[ordinal] ?? 0) + (counts[ordinal] ?? 0);
  return starts;
};

export const pickContacts = (sources: readonly ContactColumn[], picks: DocPicks): Uint8Array | undefined => {
  const starts = sources.map(contactStarts);
  const counts = Uint8Array.from(
    picks.ordinals,
    (ordinal, index) => sources[picks.sources[index] ?? 0]?.counts[ordinal] ?? 0,
  );
  const hashes = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
  let at = 0;
  picks.ordinals.forEach((ordinal, index) => {
    const source = picks.sources[index] ?? 0;
    const start = starts[source]?.[ordinal] ?? 0;
    const own = sources[source]?.hashes.subarray(start, start + (counts[index] ?? 0));
    if (own === undefined) return;
    hashes.set(own, at);
    at += own.length;
  });
  return encodeContacts({ counts, hashes });
};

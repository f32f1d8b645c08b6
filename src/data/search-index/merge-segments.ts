import type { Bits } from '../../lib/bytes/bitset.ts';
import { hasBit } from '../../lib/bytes/bitset.ts';
import { ByteReader } from '../../lib/bytes/byte-reader.ts';
import { ByteWriter } from '../../lib/bytes/byte-writer.ts';
import { compareTerms } from './build-segment.ts';
import { type DocColumns, pickColumns } from './doc-columns.ts';
import type { DocPicks } from './doc-picks.ts';
import { encodeDocList, ordinalsOf, postingBytesOf } from './doc-list.ts';
import { skipPositions } from './position-list.ts';
import { BlockBuilder, type TermBlock, type TermEntry, termsOfBlock } from './term-block.ts';
import { VocabularyBuilder } from './vocabulary.ts';

/** A segment that goes into a merge; its blocks are read when their turn comes, so that memory stays flat. */
export interface MergeSource {
  readonly columns: DocColumns;
  readonly dead: Bits | undefined;
  /** Blocks in order. */
  readonly blocks: () => AsyncIterable<Pick<TermBlock, 'postings' | 'positions'>>;
}

const GONE = -1;

/** The living documents of a source, in the order in which all sources have them. */
class Documents {
  readonly columns: DocColumns;
  /** Of the present one; the number of documents behind the last. */
  ordinal = -1;
  readonly #dead: Bits | undefined;

  constructor({ columns, dead }: MergeSource) {
    this.columns = columns;
    this.#dead = dead;
    this.next();
  }

  get done(): boolean {
    return this.ordinal >= this.columns.size;
  }

  next(): void {
    do this.ordinal += 1;
    while (!this.done && this.#dead !== undefined && hasBit(this.#dead, this.ordinal));
  }

  /** The present one stands before the other's. */
  isBefore(other: Documents): boolean {
    const [a, b] = [this.ordinal, other.ordinal];
    const [one, two] = [this.columns, other.columns];
    const order =
      (one.times.created_at[a] ?? 0) - (two.times.created_at[b] ?? 0) ||
      (one.keys[a] ?? 0) - (two.keys[b] ?? 0) ||
      (one.docIds[a] ?? 0) - (two.docIds[b] ?? 0);
    return order < 0;
  }
}

const livingIn = ({ columns, dead }: MergeSource): number => {
  let count = 0;
  for (let ordinal = 0; ordinal < columns.size; ordinal += 1)
    if (dead === undefined || !hasBit(dead, ordinal)) count += 1;
  return count;
};

/** The living documents of all sources in one order, and where each source's documents went. */
const planDocuments = (sources: readonly MergeSource[]) => {
  const total = sources.reduce((sum, source) => sum + livingIn(source), 0);
  const picks = { sources: new Uint8Array(total), ordinals: new Int32Array(total) };
  const places = sources.map(({ columns }) => new Int32Array(columns.size).fill(GONE));
  const lists = sources.map((source) => new Documents(source));
  for (let place = 0; place < total; place += 1) {
    let source = -1;
    lists.forEach((list, index) => {
      if (!list.done && (source < 0 || list.isBefore(lists[source] as Documents))) source = index;
    });
    const first = lists[source] as Documents;
    picks.sources[place] = source;
    picks.ordinals[place] = first.ordinal;
    (places[source] as Int32Array)[first.ordinal] = place;
    first.next();
  }
  const columns = pickColumns(
    sources.map((source) => source.columns),
    picks,
  );
  return { columns, places, picks };
};

/** The living postings of one term of one source, one after the other, at their new places. A merge keeps their order. */
class Postings {
  /** Of the present one; `GONE` behind the last. */
  ordinal = GONE;
  byte: number | undefined;
  /** The present one's part of `positions`. */
  start = 0;
  end = 0;
  readonly positions: Uint8Array;
  readonly #places: Int32Array;
  readonly #ordinals: Int32Array;
  readonly #bytes: Uint8Array | undefined;
  readonly #reader: ByteReader;
  #index = 0;

  constructor(entry: TermEntry, size: number, places: Int32Array) {
    this.positions = entry.positions;
    this.#places = places;
    this.#ordinals = ordinalsOf(entry.docs, entry.count, size);
    this.#bytes = postingBytesOf(entry.docs, entry.count);
    this.#reader = new ByteReader(entry.positions);
    this.next();
  }

  next(): void {
    while (this.#index < this.#ordinals.length) {
      const index = this.#index++;
      this.byte = this.#bytes?.[index];
      this.start = this.byte === undefined ? 0 : skipPositions(this.#reader);
      this.end = this.#reader.at;
      this.ordinal = this.#places[this.#ordinals[index] ?? 0] ?? GONE;
      if (this.ordinal !== GONE) return;
    }
    this.ordinal = GONE;
  }
}

/** Reads a source term by term. */
class Cursor {
  readonly source: MergeSource;
  readonly places: Int32Array;
  entry: TermEntry | undefined;
  readonly #blocks: AsyncIterator<Pick<TermBlock, 'postings' | 'positions'>>;
  #terms: Iterator<TermEntry> | undefined;

  constructor(source: MergeSource, places: Int32Array) {
    this.source = source;
    this.places = places;
    this.#blocks = source.blocks()[Symbol.asyncIterator]();
  }

  async next(): Promise<void> {
    for (;;) {
      const found = this.#terms?.next();
      if (found !== undefined && found.done !== true) {
        this.entry = found.value;
        return;
      }
      const block = await this.#blocks.next();
      if (block.done === true) {
        this.entry = undefined;
        return;
      }
      this.#terms = entriesOf(block.value);
    }
  }
}

function* entriesOf({
  postings,
  positions,
}: Pick<TermBlock, 'postings' | 'positions'>): Generator<TermEntry> {
  let at = 0;
  for (const { positionsLength, ...listed } of termsOfBlock(postings)) {
    yield { ...listed, positions: positions.subarray(at, at + positionsLength) };
    at += positionsLength;
  }
}

const positionWriter = new ByteWriter();

/** The one that stands before all others; undefined when nothing is left. There are eight at most. */
const firstOf = (lists: readonly Postings[]): Postings | undefined => {
  let first: Postings | undefined;
  for (const list of lists) {
    if (list.ordinal !== GONE && (first === undefined || list.ordinal < first.ordinal)) first = list;
  }
  return first;
};

/** The postings of a term in all sources; the bytes are good until the next call. */
const mergeTerm = (term: string, parts: readonly Cursor[], size: number): TermEntry | undefined => {
  const lists = parts.map(
    ({ entry, places, source }) => new Postings(entry as TermEntry, source.columns.size, places),
  );
  const ordinals: number[] = [];
  const bytes: number[] = [];
  positionWriter.clear();
  for (let list = firstOf(lists); list !== undefined; list = firstOf(lists)) {
    ordinals.push(list.ordinal);
    if (list.byte !== undefined) bytes.push(list.byte);
    if (list.end > list.start) positionWriter.bytes(list.positions.subarray(list.start, list.end));
    list.next();
  }
  if (ordinals.length === 0) return undefined;
  const docs = encodeDocList(ordinals, bytes, size);
  return { term, count: ordinals.length, docs, positions: positionWriter.view() };
};

/**
 * Makes one segment of several, without their dead documents. Blocks go to `onBlock` as they are done.
 * @returns the columns of the new segment, its vocabulary, and which documents it has of which source
 */
export const mergeSegments = async (
  sources: readonly MergeSource[],
  onBlock: (block: TermBlock) => Promise<void>,
): Promise<{
  readonly columns: DocColumns;
  readonly vocabulary: VocabularyBuilder;
  readonly picks: DocPicks;
}> => {
  const { columns, picks, places } = planDocuments(sources);
  const vocabulary = new VocabularyBuilder();
  const ready: TermBlock[] = [];
  const builder = new BlockBuilder((block) => ready.push(block));
  const drain = async (): Promise<void> => {
    for (const block of ready.splice(0)) await onBlock(block);
  };
  const cursors = sources.map((source, index) => new Cursor(source, places[index] as Int32Array));
  for (const cursor of cursors) await cursor.next();
  for (;;) {
    let term: string | undefined;
    for (const { entry } of cursors) {
      if (entry !== undefined && (term === undefined || compareTerms(entry.term, term) < 0))
        term = entry.term;
    }
    if (term === undefined) break;
    const parts = cursors.filter((cursor) => cursor.entry?.term === term);
    const merged = mergeTerm(term, parts, columns.size);
    if (merged !== undefined) {
      builder.add(merged);
      vocabulary.add(term);
    }
    if (ready.length > 0) await drain();
    for (const cursor of parts) await cursor.next();
  }
  builder.flush();
  await drain();
  return { columns, vocabulary, picks };
};

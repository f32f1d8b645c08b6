import type { Bits } from '../../lib/bytes/bitset.ts';
import { hasBit } from '../../lib/bytes/bitset.ts';
import { ByteReader } from '../../lib/bytes/byte-reader.ts';
import { ByteWriter } from '../../lib/bytes/byte-writer.ts';
import { compareTerms } from './build-segment.ts';
import { type DocColumns, pickColumns } from './doc-columns.ts';
import { encodeDocList, ordinalsOf, postingBytesOf } from './doc-list.ts';
import { skipPositions } from './position-list.ts';
import { BlockBuilder, type TermBlock, type TermEntry, termsOfBlock } from './term-block.ts';

/** A segment that goes into a merge; its blocks are read when their turn comes, so that memory stays flat. */
export interface MergeSource {
  readonly columns: DocColumns;
  readonly dead: Bits | undefined;
  /** Blocks in order. */
  readonly blocks: () => AsyncIterable<Pick<TermBlock, 'postings' | 'positions'>>;
}

const GONE = -1;

/** The living documents of all sources in one order, and where each source's documents went. */
const planDocuments = (sources: readonly MergeSource[]) => {
  const picks = sources.flatMap(({ columns, dead }, source) =>
    Array.from({ length: columns.size }, (_, ordinal) => ({ source, ordinal })).filter(
      ({ ordinal }) => dead === undefined || !hasBit(dead, ordinal),
    ),
  );
  const columnsOf = (source: number): DocColumns => (sources[source] as MergeSource).columns;
  picks.sort((a, b) => {
    const [one, other] = [columnsOf(a.source), columnsOf(b.source)];
    return (
      (one.times.created_at[a.ordinal] ?? 0) - (other.times.created_at[b.ordinal] ?? 0) ||
      (one.keys[a.ordinal] ?? 0) - (other.keys[b.ordinal] ?? 0) ||
      (one.docIds[a.ordinal] ?? 0) - (other.docIds[b.ordinal] ?? 0)
    );
  });
  const places = sources.map(({ columns }) => new Int32Array(columns.size).fill(GONE));
  picks.forEach(({ source, ordinal }, place) => {
    (places[source] as Int32Array)[ordinal] = place;
  });
  const columns = pickColumns(
    sources.map((source) => source.columns),
    picks,
  );
  return { columns, places };
};

interface Posting {
  readonly ordinal: number;
  readonly byte: number | undefined;
  readonly positions: Uint8Array;
}

/** The postings of one term of one source, at their new places. Ascending, since a merge keeps the order. */
const moved = (entry: TermEntry, size: number, places: Int32Array): Posting[] => {
  const ordinals = ordinalsOf(entry.docs, entry.count, size);
  const bytes = postingBytesOf(entry.docs, entry.count);
  const reader = new ByteReader(entry.positions);
  const postings: Posting[] = [];
  ordinals.forEach((old, index) => {
    const start = bytes === undefined ? 0 : skipPositions(reader);
    const ordinal = places[old] ?? GONE;
    if (ordinal === GONE) return;
    postings.push({ ordinal, byte: bytes?.[index], positions: entry.positions.subarray(start, reader.at) });
  });
  return postings;
};

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

/** The postings of a term in all sources; the bytes are good until the next call. */
const mergeTerm = (term: string, parts: readonly Cursor[], size: number): TermEntry | undefined => {
  const postings = parts.flatMap((cursor) =>
    moved(cursor.entry as TermEntry, cursor.source.columns.size, cursor.places),
  );
  if (postings.length === 0) return undefined;
  if (parts.length > 1) postings.sort((a, b) => a.ordinal - b.ordinal);
  positionWriter.clear();
  for (const posting of postings) positionWriter.bytes(posting.positions);
  return {
    term,
    count: postings.length,
    docs: encodeDocList(
      postings.map((posting) => posting.ordinal),
      postings.flatMap((posting) => posting.byte ?? []),
      size,
    ),
    positions: positionWriter.view(),
  };
};

/**
 * Makes one segment of several, without their dead documents. Blocks go to `onBlock` as they are done.
 * @returns the columns of the new segment, and its terms in order
 */
export const mergeSegments = async (
  sources: readonly MergeSource[],
  onBlock: (block: TermBlock) => Promise<void>,
): Promise<{ readonly columns: DocColumns; readonly terms: readonly string[] }> => {
  const { columns, places } = planDocuments(sources);
  const terms: string[] = [];
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
      terms.push(term);
    }
    if (ready.length > 0) await drain();
    for (const cursor of parts) await cursor.next();
  }
  builder.flush();
  await drain();
  return { columns, terms };
};

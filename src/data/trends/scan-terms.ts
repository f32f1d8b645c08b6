import type { ReadContext } from '../context.ts';
import type { Segment } from '../search-index/segment-cache.ts';
import { blockId } from '../search-index/segment-rows.ts';
import { ByteReader } from '../../lib/bytes/byte-reader.ts';

/** Blocks that are held at once: about a megabyte. */
const BLOCKS_AT_ONCE = 64;
/** How a list of documents is packed, see `doc-list.ts`. */
const BITMAP = 1;
const WITH_BYTES = 2;

/** Of which side a document is; 0 stands for neither. */
export const IN_WINDOW = 1;
export const IN_BASELINE = 2;

/** How many documents of each side have a term. */
export interface SideCounts {
  window: number;
  baseline: number;
}

/** What of a segment's documents is counted. */
export interface SegmentSides {
  readonly segment: Segment;
  /** By ordinal: {@link IN_WINDOW}, {@link IN_BASELINE} or 0. */
  readonly sides: Uint8Array;
  /** The counted documents stand from here up to, but not including, `until`. */
  readonly from: number;
  readonly until: number;
}

/** A term of a segment in the buffer that it was read from; good until the next one. */
export interface ScannedTerm {
  /** UTF-8. */
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Its packed documents stand here in `block`. */
  readonly block: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** All terms of a block in order, without an object a term. */
const eachTermOf = (block: Uint8Array, term: Uint8Array, each: (found: ScannedTerm) => void): Uint8Array => {
  const reader = new ByteReader(block);
  let buffer = term;
  while (!reader.done) {
    const shared = reader.varint();
    const rest = reader.varint();
    if (shared + rest > buffer.length) {
      const larger = new Uint8Array(2 * (shared + rest));
      larger.set(buffer);
      buffer = larger;
    }
    for (let index = 0; index < rest; index += 1) buffer[shared + index] = reader.byte();
    const count = reader.varint();
    const docsLength = reader.varint();
    reader.varint();
    const start = reader.at;
    reader.at += docsLength;
    each({ bytes: buffer.subarray(0, shared + rest), count, block, start, end: start + docsLength });
  }
  return buffer;
};

/** Reads every term of a segment once, a megabyte at a time: what was read is not kept. */
export const scanTerms = async (
  context: ReadContext,
  workspaceId: string,
  { firstTerms, id }: Segment,
  each: (found: ScannedTerm) => void,
): Promise<void> => {
  let term = new Uint8Array(512);
  for (let block = 0; block < firstTerms.length; block += BLOCKS_AT_ONCE) {
    context.alive();
    const last = Math.min(firstTerms.length, block + BLOCKS_AT_ONCE) - 1;
    const rows = await context.db
      .selectFrom('search_blocks')
      .select(['block_id', 'postings'])
      .where('workspace_id', '=', workspaceId)
      .where('block_id', '>=', blockId(id, block))
      .where('block_id', '<=', blockId(id, last))
      .orderBy('block_id')
      .execute();
    for (const { postings } of rows) term = eachTermOf(postings, term, each) as Uint8Array<ArrayBuffer>;
  }
};

/** Documents of each side that have the term. @param roles only where an author of one of them has it; filters have no author */
export const countSides = (
  found: ScannedTerm,
  counted: SegmentSides,
  roles: number,
  into: SideCounts,
): void => {
  tally.fill(0);
  const { sides } = counted;
  eachCounted(found, counted, roles, (ordinal) => {
    tally[sides[ordinal] as number] = (tally[sides[ordinal] as number] as number) + 1;
  });
  into.window = tally[IN_WINDOW] as number;
  into.baseline = tally[IN_BASELINE] as number;
};

const tally = new Int32Array(3);

/** Calls `each` for the counted documents that have the term, ascending. */
export const eachCounted = (
  found: ScannedTerm,
  counted: SegmentSides,
  roles: number,
  each: (ordinal: number) => void,
): void => {
  const flags = found.block[found.start] ?? 0;
  const ofRoles = (flags & WITH_BYTES) === 0 ? 0 : roles;
  if ((flags & BITMAP) === 0) eachOfGaps(found, counted, ofRoles, each);
  else eachOfBitmap(found, counted, ofRoles, each);
};

const eachOfGaps = (
  { block, count, end, start }: ScannedTerm,
  { from, sides, until }: SegmentSides,
  roles: number,
  each: (ordinal: number) => void,
): void => {
  const bytesAt = end - count;
  let at = start + 1;
  let ordinal = -1;
  for (let posting = 0; posting < count; posting += 1) {
    let gap = block[at++] as number;
    if (gap >= 0x80) {
      gap &= 0x7f;
      for (let scale = 0x80; ; scale *= 0x80) {
        const next = block[at++] as number;
        gap += (next & 0x7f) * scale;
        if (next < 0x80) break;
      }
    }
    ordinal += gap + 1;
    if (ordinal < from) continue;
    if (ordinal >= until) return;
    if (sides[ordinal] === 0) continue;
    if (roles === 0 || (((block[bytesAt + posting] as number) >>> 4) & roles) !== 0) each(ordinal);
  }
};

const eachOfBitmap = (
  { block, count, end, start }: ScannedTerm,
  { from, sides, until }: SegmentSides,
  roles: number,
  each: (ordinal: number) => void,
): void => {
  let posting = end - count;
  for (let ordinal = 0; ordinal < until; ordinal += 8) {
    for (let bits = block[start + 1 + (ordinal >>> 3)] as number; bits !== 0; bits &= bits - 1) {
      const doc = ordinal + 31 - Math.clz32(bits & -bits);
      const byte = posting++;
      if (doc < from || doc >= until || sides[doc] === 0) continue;
      if (roles === 0 || (((block[byte] as number) >>> 4) & roles) !== 0) each(doc);
    }
  }
};

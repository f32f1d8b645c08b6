import { countBits } from '../../lib/bytes/bitset.ts';
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

/** What of a segment's documents is counted. */
export interface SegmentSides {
  readonly segment: Segment;
  /** By ordinal: {@link IN_WINDOW}, {@link IN_BASELINE} or 0. */
  readonly sides: Uint8Array;
  /** The counted documents stand from here up to, but not including, `until`. */
  readonly from: number;
  readonly until: number;
}

/** A term of a segment where it was read; the same object is filled again for the next one. */
export interface ScannedTerm {
  /** UTF-8, of which the first `length` bytes are the term's. */
  bytes: Uint8Array;
  length: number;
  /** Documents of the segment that have it. */
  count: number;
  /** Its packed documents stand in `block` from `start` to `end`. */
  block: Uint8Array;
  start: number;
  end: number;
}

/** All terms of a block in order, without an object a term. */
const eachTermOf = (block: Uint8Array, term: ScannedTerm, each: (found: ScannedTerm) => void): void => {
  const reader = new ByteReader(block);
  term.block = block;
  while (!reader.done) {
    const shared = reader.varint();
    const length = shared + reader.varint();
    if (length > term.bytes.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(term.bytes);
      term.bytes = larger;
    }
    const { bytes } = term;
    let { at } = reader;
    for (let index = shared; index < length; index += 1) bytes[index] = block[at++] as number;
    reader.at = at;
    term.length = length;
    term.count = reader.varint();
    const size = reader.varint();
    reader.varint();
    term.start = reader.at;
    term.end = reader.at + size;
    reader.at = term.end;
    each(term);
  }
};

/** Reads every term of a segment once, a megabyte at a time: what was read is not kept. */
export const scanTerms = async (
  context: ReadContext,
  workspaceId: string,
  { firstTerms, id }: Segment,
  each: (found: ScannedTerm) => void,
): Promise<void> => {
  const term = { bytes: new Uint8Array(512), length: 0, count: 0, block: new Uint8Array(), start: 0, end: 0 };
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
    for (const { postings } of rows) eachTermOf(postings, term, each);
  }
};

/** Where a list of documents stands. */
export type PackedDocs = Pick<ScannedTerm, 'block' | 'count' | 'end' | 'start'>;

/**
 * The counted documents that have a term, ascending, written to `into`.
 * @param roles only where an author of one of them has it; filters have no author; 0: anybody
 * @returns how many
 */
export const collect = (
  packed: PackedDocs,
  counted: SegmentSides,
  roles: number,
  into: Int32Array,
): number => {
  const flags = packed.block[packed.start] ?? 0;
  const ofRoles = (flags & WITH_BYTES) === 0 ? 0 : roles;
  return (flags & BITMAP) === 0
    ? collectGaps(packed, counted, ofRoles, into)
    : collectBitmap(packed, counted, ofRoles, into);
};

const collectGaps = (
  { block, count, end, start }: PackedDocs,
  { from, sides, until }: SegmentSides,
  roles: number,
  into: Int32Array,
): number => {
  const bytesAt = end - count;
  let found = 0;
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
    if (ordinal >= until) break;
    if (sides[ordinal] === 0) continue;
    if (roles === 0 || (((block[bytesAt + posting] as number) >>> 4) & roles) !== 0) into[found++] = ordinal;
  }
  return found;
};

/** Bits of a byte. */
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => countBits(Uint32Array.of(byte)));

const collectBitmap = (
  { block, count, end, start }: PackedDocs,
  { from, sides, until }: SegmentSides,
  roles: number,
  into: Int32Array,
): number => {
  let found = 0;
  let posting = end - count;
  const first = from >>> 3;
  for (let index = 0; index < first; index += 1)
    posting += ONES[block[start + 1 + index] as number] as number;
  for (let ordinal = first << 3; ordinal < until; ordinal += 8) {
    for (let bits = block[start + 1 + (ordinal >>> 3)] as number; bits !== 0; bits &= bits - 1) {
      const doc = ordinal + 31 - Math.clz32(bits & -bits);
      const byte = posting++;
      if (doc < from || doc >= until || sides[doc] === 0) continue;
      if (roles === 0 || (((block[byte] as number) >>> 4) & roles) !== 0) into[found++] = doc;
    }
  }
  return found;
};

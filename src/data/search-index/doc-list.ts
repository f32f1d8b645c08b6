import { addBit, type Bits } from '../../lib/bytes/bitset.ts';
import { ByteReader } from '../../lib/bytes/byte-reader.ts';
import { ByteWriter } from '../../lib/bytes/byte-writer.ts';
import { rolesOfByte } from './posting-bytes.ts';

/**
 * The documents of one term in one segment: numbers ascending, as varint gaps, or as a bitmap where that is smaller.
 * Behind them one byte a posting (see `posting-bytes.ts`), unless the term is a filter, which has none.
 */
const BITMAP = 1;
const WITH_BYTES = 2;

const scratch = new ByteWriter();

/**
 * `bytes` empty: the term is a filter. @param size documents of the segment
 * @returns bytes that are good until the next call: an index has millions of lists, each is copied where it goes
 */
export const encodeDocList = (
  ordinals: readonly number[],
  bytes: readonly number[],
  size: number,
): Uint8Array => {
  scratch.clear();
  const bitmapLength = (size + 7) >>> 3;
  const asBitmap = ordinals.length > bitmapLength;
  scratch.byte((asBitmap ? BITMAP : 0) | (bytes.length > 0 ? WITH_BYTES : 0));
  if (asBitmap) {
    const bitmap = new Uint8Array(bitmapLength);
    for (const ordinal of ordinals)
      bitmap[ordinal >>> 3] = (bitmap[ordinal >>> 3] ?? 0) | (1 << (ordinal & 7));
    scratch.bytes(bitmap);
  } else {
    let last = -1;
    for (const ordinal of ordinals) {
      scratch.varint(ordinal - last - 1);
      last = ordinal;
    }
  }
  for (const byte of bytes) scratch.byte(byte);
  return scratch.view();
};

/** Calls `each` for every document, ascending, with the number of its posting. */
const eachOrdinal = (
  list: Uint8Array,
  count: number,
  size: number,
  each: (ordinal: number, posting: number) => void,
): number => {
  const reader = new ByteReader(list, 1);
  if (((list[0] ?? 0) & BITMAP) === 0) {
    let ordinal = -1;
    for (let posting = 0; posting < count; posting += 1) {
      ordinal += reader.varint() + 1;
      each(ordinal, posting);
    }
    return reader.at;
  }
  const length = (size + 7) >>> 3;
  let posting = 0;
  for (let index = 0; index < length; index += 1) {
    for (let byte = list[index + 1] ?? 0; byte !== 0; byte &= byte - 1) {
      each((index << 3) + 31 - Math.clz32(byte & -byte), posting);
      posting += 1;
    }
  }
  return length + 1;
};

/** Adds the documents of the list to a set. */
export const addToBits = (list: Uint8Array, count: number, size: number, bits: Bits): void => {
  eachOrdinal(list, count, size, (ordinal) => addBit(bits, ordinal));
};

/** Adds the documents in which an author of one of these roles has the term. */
export const addRolesToBits = (
  list: Uint8Array,
  count: number,
  size: number,
  roles: number,
  bits: Bits,
): void => {
  const start = list.length - count;
  eachOrdinal(list, count, size, (ordinal, posting) => {
    if ((rolesOfByte(list[start + posting] ?? 0) & roles) !== 0) addBit(bits, ordinal);
  });
};

/**
 * Writes each posting's byte at its document's place; 1 for filters. Of two lists written to one array the larger byte stays.
 * @param roles only where an author of one of them has the term
 */
export const writePostingBytes = (
  list: Uint8Array,
  count: number,
  size: number,
  target: Uint8Array,
  roles?: number,
): void => {
  const withBytes = ((list[0] ?? 0) & WITH_BYTES) !== 0;
  const start = withBytes ? list.length - count : 0;
  eachOrdinal(list, count, size, (ordinal, posting) => {
    const byte = withBytes ? (list[start + posting] ?? 1) : 1;
    if (roles !== undefined && (rolesOfByte(byte) & roles) === 0) return;
    if ((target[ordinal] ?? 0) < byte) target[ordinal] = byte;
  });
};

/** The documents of the list, ascending. */
export const ordinalsOf = (list: Uint8Array, count: number, size: number): Int32Array => {
  const ordinals = new Int32Array(count);
  eachOrdinal(list, count, size, (ordinal, posting) => {
    ordinals[posting] = ordinal;
  });
  return ordinals;
};

/** The bytes of the postings in the order of {@link ordinalsOf}; undefined for a filter. */
export const postingBytesOf = (list: Uint8Array, count: number): Uint8Array | undefined =>
  ((list[0] ?? 0) & WITH_BYTES) === 0 ? undefined : list.subarray(list.length - count);

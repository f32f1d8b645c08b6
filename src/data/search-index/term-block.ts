import { ByteReader } from '../../lib/bytes/byte-reader.ts';
import { ByteWriter } from '../../lib/bytes/byte-writer.ts';

/** A term of a segment with its packed documents and positions. */
export interface TermEntry {
  readonly term: string;
  /** Documents of the segment that have it, dead ones included. */
  readonly count: number;
  readonly docs: Uint8Array;
  /** Empty for filters. */
  readonly positions: Uint8Array;
}

/** A run of terms in the order of their UTF-16 units; the unit that is read from the database. */
export interface TermBlock {
  readonly firstTerm: string;
  readonly postings: Uint8Array;
  /** The positions of the block's terms one after the other: only phrases and nearness read them. */
  readonly positions: Uint8Array;
}

/** A block is closed when its postings reach this size, or it holds this many terms. */
const BLOCK_BYTES = 16 * 1024;
const BLOCK_TERMS = 192;

const encoder = new TextEncoder();

/** The UTF-8 bytes of a term, in a buffer that is used again. */
class TermBytes {
  #buffer = new Uint8Array(256);
  bytes = this.#buffer.subarray(0, 0);

  set(term: string): void {
    // At most three bytes for each UTF-16 unit.
    if (this.#buffer.length < 3 * term.length) this.#buffer = new Uint8Array(6 * term.length);
    this.bytes = this.#buffer.subarray(0, encoder.encodeInto(term, this.#buffer).written);
  }
}

/** Puts terms, which must come in ascending order, into blocks. Copies what it is given. */
export class BlockBuilder {
  readonly #postings = new ByteWriter();
  readonly #positions = new ByteWriter();
  readonly #onBlock: (block: TermBlock) => void;
  #firstTerm = '';
  #terms = 0;
  #previous = new TermBytes();
  #present = new TermBytes();

  constructor(onBlock: (block: TermBlock) => void) {
    this.#onBlock = onBlock;
  }

  add(entry: TermEntry): void {
    const size = entry.docs.length;
    if (this.#terms > 0 && this.#postings.length + size > BLOCK_BYTES) this.flush();
    if (this.#terms === 0) this.#firstTerm = entry.term;
    this.#present.set(entry.term);
    const { bytes } = this.#present;
    const { bytes: previous } = this.#previous;
    let shared = 0;
    while (shared < bytes.length && shared < previous.length && bytes[shared] === previous[shared]) {
      shared += 1;
    }
    this.#postings.varint(shared);
    this.#postings.varint(bytes.length - shared);
    this.#postings.bytes(bytes.subarray(shared));
    this.#postings.varint(entry.count);
    this.#postings.varint(size);
    this.#postings.varint(entry.positions.length);
    this.#postings.bytes(entry.docs);
    this.#positions.bytes(entry.positions);
    [this.#previous, this.#present] = [this.#present, this.#previous];
    this.#terms += 1;
    if (this.#terms >= BLOCK_TERMS) this.flush();
  }

  flush(): void {
    if (this.#terms === 0) return;
    const block = { postings: this.#postings.take(), positions: this.#positions.take() };
    this.#onBlock({ firstTerm: this.#firstTerm, ...block });
    this.#postings.clear();
    this.#positions.clear();
    this.#terms = 0;
    this.#previous.set('');
  }
}

/** Where a term's facts stand in a block. */
export interface FoundTerm {
  readonly count: number;
  readonly docs: Uint8Array;
  /** Its part of the block's positions. */
  readonly positionsStart: number;
  readonly positionsEnd: number;
}

/**
 * Looks a term up, or all that begin with it. The terms are front-coded; only the bytes that are compared are looked at: `same`
 * is how many leading bytes of the wanted term the present one has.
 */
export const findTerms = (postings: Uint8Array, term: string, isPrefix: boolean): FoundTerm[] => {
  const wanted = encoder.encode(term);
  const found: FoundTerm[] = [];
  const reader = new ByteReader(postings);
  let same = 0;
  let positionsStart = 0;
  while (!reader.done) {
    const shared = reader.varint();
    const rest = reader.varint();
    const suffix = reader.at;
    reader.at += rest;
    if (shared <= same) {
      same = shared;
      while (
        same < wanted.length &&
        same < shared + rest &&
        postings[suffix + same - shared] === wanted[same]
      ) {
        same += 1;
      }
    }
    const count = reader.varint();
    const docsLength = reader.varint();
    const positionsEnd = positionsStart + reader.varint();
    const start = reader.at;
    reader.at += docsLength;
    const isWhole = isPrefix || shared + rest === wanted.length;
    if (same === wanted.length && isWhole) {
      const docs = postings.subarray(start, reader.at);
      found.push({ count, docs, positionsStart, positionsEnd });
      if (!isPrefix) return found;
    }
    positionsStart = positionsEnd;
  }
  return found;
};

/** A term of a block; its positions are known by their length only. */
export interface ListedTerm {
  readonly term: string;
  readonly count: number;
  readonly docs: Uint8Array;
  readonly positionsLength: number;
}

/** All terms of a block in order. */
export function* termsOfBlock(postings: Uint8Array): Generator<ListedTerm> {
  const reader = new ByteReader(postings);
  const decoder = new TextDecoder();
  let bytes = new Uint8Array(0);
  while (!reader.done) {
    const shared = reader.varint();
    const suffix = reader.slice(reader.varint());
    const next = new Uint8Array(shared + suffix.length);
    next.set(bytes.subarray(0, shared));
    next.set(suffix, shared);
    bytes = next;
    const count = reader.varint();
    const docsLength = reader.varint();
    const positionsLength = reader.varint();
    yield { term: decoder.decode(bytes), count, docs: reader.slice(docsLength), positionsLength };
  }
}

/** The first terms of a segment's blocks as bytes. */
export const encodeFirstTerms = (terms: readonly string[]): Uint8Array => {
  const writer = new ByteWriter();
  for (const term of terms) writer.text(term);
  return writer.take();
};

export const decodeFirstTerms = (bytes: Uint8Array): string[] => {
  const reader = new ByteReader(bytes);
  const terms: string[] = [];
  while (!reader.done) terms.push(reader.text());
  return terms;
};

/** Number of the block that may hold a term: the last one that does not begin behind it; -1 when all do. */
export const blockOf = (firstTerms: readonly string[], term: string): number => {
  let low = 0;
  let high = firstTerms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((firstTerms[middle] ?? '') <= term) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

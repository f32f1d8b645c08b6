import { ByteReader } from '../../lib/bytes/byte-reader.ts';
import type { ByteWriter } from '../../lib/bytes/byte-writer.ts';

/**
 * Where a term stands in each of its documents: the terms of a document are numbered, and before each message one
 * number is its marker's (`roleTerm`), so that no phrase reaches from one into the next. Gaps as varints; their lowest bit marks the last
 * position of a document.
 */
export const writePositions = (writer: ByteWriter, positions: readonly number[]): void => {
  let last = -1;
  positions.forEach((position, index) => {
    const isLast = index === positions.length - 1 ? 1 : 0;
    writer.varint((position - last - 1) * 2 + isLast);
    last = position;
  });
};

/** Adds the positions of the next document to `positions`. */
const readPositions = (reader: ByteReader, positions: number[]): void => {
  for (let position = -1; reader.at < reader.bytes.length; ) {
    const value = reader.varint();
    position += Math.floor(value / 2) + 1;
    positions.push(position);
    if (value % 2 === 1) return;
  }
};

/** Goes on to the next document without reading. @returns where its positions begin */
export const skipPositions = (reader: ByteReader): number => {
  const start = reader.at;
  while (reader.at < reader.bytes.length && reader.varint() % 2 === 0);
  return start;
};

/** Positions of one term, document by document; ask in ascending order. */
export class PositionCursor {
  readonly #ordinals: Int32Array;
  readonly #reader: ByteReader;
  #next = 0;

  /** @param ordinals all documents of the list, ascending */
  constructor(ordinals: Int32Array, list: Uint8Array) {
    this.#ordinals = ordinals;
    this.#reader = new ByteReader(list);
  }

  /** Adds the positions in a document, none where the term does not occur. */
  collect(ordinal: number, positions: number[]): void {
    const ordinals = this.#ordinals;
    while (this.#next < ordinals.length && (ordinals[this.#next] ?? 0) < ordinal) {
      skipPositions(this.#reader);
      this.#next += 1;
    }
    if (ordinals[this.#next] !== ordinal) return;
    readPositions(this.#reader, positions);
    this.#next += 1;
  }
}

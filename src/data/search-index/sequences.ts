import { type Bits, eachBit, emptyBits, addBit } from '../../lib/bytes/bitset.ts';
import type { PositionCursor } from './position-list.ts';
import { postingByte } from './posting-bytes.ts';
import type { Segment } from './segment-cache.ts';
import type { TermReader } from './term-reader.ts';
import type { Clause } from './types.ts';

/** The places of one query term, document by document; ask in ascending order. */
class TermPlaces {
  readonly #cursors: readonly PositionCursor[];

  constructor(cursors: readonly PositionCursor[]) {
    this.#cursors = cursors;
  }

  /** Ascending. */
  in(ordinal: number): readonly number[] {
    const positions: number[] = [];
    for (const cursor of this.#cursors) cursor.collect(ordinal, positions);
    if (this.#cursors.length > 1) positions.sort((a, b) => a - b);
    return positions;
  }
}

/** Where a clause begins, document by document; ask in ascending order. */
export class ClausePlaces {
  readonly length: number;
  readonly #terms: readonly TermPlaces[];

  constructor(reader: TermReader, segment: Segment, clause: Clause) {
    this.length = clause.length;
    this.#terms = clause.map((term) => new TermPlaces(reader.cursors(segment, term)));
  }

  /** First positions of its occurrences, ascending: all of its terms one after the other. */
  starts(ordinal: number): readonly number[] {
    let starts: readonly number[] | undefined;
    this.#terms.forEach((term, offset) => {
      const positions = term.in(ordinal);
      if (starts === undefined) starts = positions;
      else {
        const there = new Set(positions);
        starts = starts.filter((start) => there.has(start + offset));
      }
    });
    return starts ?? [];
  }
}

/** The documents among the candidates that have the clause as a sequence, and the byte to rank each by. */
export const matchSequence = (
  reader: TermReader,
  segment: Segment,
  clause: Clause,
  candidates: Bits,
): { readonly bits: Bits; readonly bytes: Uint8Array } => {
  const bits = emptyBits(segment.size);
  const bytes = new Uint8Array(segment.size);
  const places = new ClausePlaces(reader, segment, clause);
  eachBit(candidates, (ordinal) => {
    const count = places.starts(ordinal).length;
    if (count === 0) return;
    addBit(bits, ordinal);
    bytes[ordinal] = postingByte(count, 0);
  });
  return { bits, bytes };
};

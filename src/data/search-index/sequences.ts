import { type Bits, eachBit, emptyBits, addBit } from '../../lib/bytes/bitset.ts';
import type { PositionCursor } from './position-list.ts';
import { postingByte, rolesOfByte } from './posting-bytes.ts';
import type { Segment } from './segment-cache.ts';
import type { TermReader } from './term-reader.ts';
import { type Clause, roleTerm } from './types.ts';
import type { QueryTerm } from '../../lib/text/analyse.ts';

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
    for (const [offset, term] of this.#terms.entries()) {
      const positions = term.in(ordinal);
      if (starts === undefined) starts = positions;
      else {
        const there = new Set(positions);
        starts = starts.filter((start) => there.has(start + offset));
      }
      // The others skip this document when they are asked for the next one.
      if (starts.length === 0) break;
    }
    return starts ?? [];
  }
}

/** Documents between two looks at the clock. */
const DOCUMENTS_A_LOOK = 256;
const ROLE_BITS = [0, 1, 2, 4, 8];
const ALL_ROLES = 15;
/** One marker a role: they stand before each message (`roleTerm`). */
export const ROLE_TERMS: readonly QueryTerm[] = ROLE_BITS.map((role) => ({
  term: roleTerm(role),
  prefix: false,
}));

/** Tells whose message a place is in; ask for documents in ascending order. */
class RolePlaces {
  readonly #wanted: readonly TermPlaces[];
  readonly #others: readonly TermPlaces[];

  constructor(reader: TermReader, segment: Segment, roles: number) {
    const places = (isWanted: boolean) =>
      ROLE_TERMS.filter((_, index) => (((ROLE_BITS[index] ?? 0) & roles) !== 0) === isWanted).map(
        (term) => new TermPlaces(reader.cursors(segment, term)),
      );
    this.#wanted = places(true);
    this.#others = places(false);
  }

  /** Those of the places that stand in a message of the wanted roles. */
  keep(ordinal: number, starts: readonly number[]): readonly number[] {
    const wanted = this.#wanted.flatMap((places) => places.in(ordinal));
    const others = this.#others.flatMap((places) => places.in(ordinal));
    const lastBefore = (marks: readonly number[], start: number): number =>
      marks.reduce((last, mark) => (mark < start && mark > last ? mark : last), -1);
    return starts.filter((start) => lastBefore(wanted, start) > lastBefore(others, start));
  }
}

/**
 * The documents among the candidates that have the clause as a sequence, and the byte to rank each by.
 * @param roles whose messages count; undefined: everybody's
 */
export const matchSequence = (
  reader: TermReader,
  segment: Segment,
  clause: Clause,
  candidates: Bits,
  roles: number | undefined,
): { readonly bits: Bits; readonly bytes: Uint8Array } => {
  const bits = emptyBits(segment.size);
  const bytes = new Uint8Array(segment.size);
  const saidBy = clause.map((term) => reader.postingBytes(segment, term, roles));
  const places = new ClausePlaces(reader, segment, clause);
  const speakers = roles === undefined ? undefined : new RolePlaces(reader, segment, roles);
  let looked = 0;
  eachBit(candidates, (ordinal) => {
    looked += 1;
    if (looked % DOCUMENTS_A_LOOK === 0) reader.alive();
    const starts = places.starts(ordinal);
    const count = speakers === undefined ? starts.length : speakers.keep(ordinal, starts).length;
    if (count === 0) return;
    addBit(bits, ordinal);
    // Who says each of its terms somewhere is taken for who says it.
    const spoken = saidBy.reduce((roleBits, said) => roleBits & rolesOfByte(said[ordinal] ?? 0), ALL_ROLES);
    bytes[ordinal] = postingByte(count, spoken);
  });
  return { bits, bytes };
};

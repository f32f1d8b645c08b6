import {
  addBit,
  type Bits,
  countBits,
  emptyBits,
  fullBits,
  intersect,
  keepRange,
  subtract,
  unite,
} from '../../lib/bytes/bitset.ts';
import type { QueryTerm } from '../../lib/text/analyse.ts';
import { firstFrom, hasTime, ordinalOf } from './doc-columns.ts';
import type { Segment } from './segment-cache.ts';
import { matchSequence } from './sequences.ts';
import type { TermReader } from './term-reader.ts';
import type { Clause, IndexNode } from './types.ts';

export const filterQueryTerm = (term: string): QueryTerm => ({ term, prefix: false });

const keyOf = ({ prefix, suffix, term }: QueryTerm): string => `${prefix} ${suffix ?? false} ${term}`;

export const isSequence = (clause: Clause): boolean => clause.length > 1;

const keepTimes = (bits: Bits, segment: Segment, time: IndexNode & { readonly kind: 'time' }): void => {
  const column = segment.columns.times[time.field];
  const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = time;
  if (time.field === 'created_at') {
    keepRange(bits, firstFrom(column, start), firstFrom(column, end));
    return;
  }
  for (let ordinal = 0; ordinal < segment.size; ordinal += 1) {
    const value = column[ordinal] ?? 0;
    if (hasTime(value) && value >= start && value < end) continue;
    bits[ordinal >>> 5] = (bits[ordinal >>> 5] ?? 0) & ~(1 << (ordinal & 31));
  }
};

const docBits = (segment: Segment, docIds: readonly number[]): Bits => {
  const bits = emptyBits(segment.size);
  for (const docId of docIds) {
    const ordinal = ordinalOf(segment.columns, docId);
    if (ordinal !== undefined) addBit(bits, ordinal);
  }
  return bits;
};

/** Somewhere in it words must follow each other: their terms alone tell only where that may be. */
export const holdsSequence = (node: IndexNode): boolean => {
  if (node.kind === 'clause') return isSequence(node.clause);
  if (node.kind === 'not') return holdsSequence(node.node);
  return 'nodes' in node && node.nodes.some(holdsSequence);
};

/** Answers a question for one segment; the blocks must be loaded. */
export class SegmentMatcher {
  readonly segment: Segment;
  readonly #reader: TermReader;
  /** Whose messages count; undefined: everybody's. */
  readonly #roles: number | undefined;
  readonly #bits = new Map<string, Bits>();
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #counts = new Map<string, number>();

  constructor(reader: TermReader, segment: Segment, roles: number | undefined) {
    this.#reader = reader;
    this.segment = segment;
    this.#roles = roles;
  }

  /** The living documents that the node may hold for: more than it holds for only where it has sequences. */
  candidates(node: IndexNode): Bits {
    const bits = fullBits(this.segment.size);
    if (this.segment.dead !== undefined) subtract(bits, this.segment.dead);
    this.#narrow(node, bits, false);
    return bits;
  }

  /** Keeps the documents that the node holds for. The positions of its sequences must be loaded. */
  keepExact(node: IndexNode, bits: Bits): void {
    this.#narrow(node, bits, true);
  }

  /** How many living documents of the whole segment have each term of a clause. */
  frequencies(clause: Clause): readonly number[] {
    return clause.map((term) => {
      const key = keyOf(term);
      const known = this.#counts.get(key);
      if (known !== undefined) return known;
      const bits = this.#bitsOf(term).slice();
      if (this.segment.dead !== undefined) subtract(bits, this.segment.dead);
      const count = countBits(bits);
      this.#counts.set(key, count);
      return count;
    });
  }

  /** The byte to rank each document by a single term; not to be written to. */
  bytesOf(term: QueryTerm): Uint8Array {
    const key = keyOf(term);
    const known = this.#bytes.get(key);
    if (known !== undefined) return known;
    const bytes = this.#reader.postingBytes(this.segment, term, this.#roles);
    this.#bytes.set(key, bytes);
    return bytes;
  }

  #bitsOf(term: QueryTerm): Bits {
    const key = keyOf(term);
    const known = this.#bits.get(key);
    if (known !== undefined) return known;
    const bits = this.#reader.bits(this.segment, term, this.#roles);
    this.#bits.set(key, bits);
    return bits;
  }

  #narrow(node: IndexNode, bits: Bits, exact: boolean): void {
    switch (node.kind) {
      case 'and':
        for (const child of node.nodes) this.#narrow(child, bits, exact);
        return;
      case 'or': {
        const any = emptyBits(this.segment.size);
        for (const child of node.nodes) {
          const part = bits.slice();
          this.#narrow(child, part, exact);
          unite(any, part);
        }
        intersect(bits, any);
        return;
      }
      case 'atLeast':
        this.#keepAtLeast(node, bits, exact);
        return;
      case 'not': {
        // What may hold cannot be taken out.
        if (!exact && holdsSequence(node.node)) return;
        const part = bits.slice();
        this.#narrow(node.node, part, exact);
        subtract(bits, part);
        return;
      }
      case 'clause':
        this.#keepClause(node.clause, bits, exact);
        return;
      case 'terms': {
        const any = emptyBits(this.segment.size);
        for (const term of node.terms) unite(any, this.#reader.bits(this.segment, filterQueryTerm(term)));
        intersect(bits, any);
        return;
      }
      case 'docs':
        intersect(bits, docBits(this.segment, node.docIds));
        return;
      default:
        keepTimes(bits, this.segment, node);
    }
  }

  #keepAtLeast({ count, nodes }: IndexNode & { kind: 'atLeast' }, bits: Bits, exact: boolean): void {
    // By number of nodes: the documents for which at least so many of those seen so far hold.
    const held = Array.from({ length: count }, () => emptyBits(this.segment.size));
    for (const node of nodes) {
      const part = bits.slice();
      this.#narrow(node, part, exact);
      for (let more = count - 1; more >= 0; more -= 1) {
        const level = held[more];
        if (level === undefined) continue;
        const grown = part.slice();
        const below = held[more - 1];
        if (below !== undefined) intersect(grown, below);
        unite(level, grown);
      }
    }
    const enough = held[count - 1];
    if (enough !== undefined) intersect(bits, enough);
  }

  #keepClause(clause: Clause, bits: Bits, exact: boolean): void {
    for (const term of clause) intersect(bits, this.#bitsOf(term));
    if (exact && isSequence(clause))
      intersect(bits, matchSequence(this.#reader, this.segment, clause, bits, this.#roles).bits);
  }
}

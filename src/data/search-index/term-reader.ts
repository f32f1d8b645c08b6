import { addRolesToBits, addToBits, ordinalsOf, writePostingBytes } from './doc-list.ts';
import { type Bits, countBits, emptyBits, subtract } from '../../lib/bytes/bitset.ts';
import type { QueryTerm } from '../../lib/text/analyse.ts';
import type { ReadDb } from '../db.ts';
import { type BlockColumn, blockCache } from './block-cache.ts';
import { PositionCursor } from './position-list.ts';
import type { Segment } from './segment-cache.ts';
import { blockId } from './segment-rows.ts';
import { blockOf, type FoundTerm, findTerms, termsOfBlock } from './term-block.ts';
import { termsWithPiece, unpackVocabulary } from './vocabulary.ts';

/** Rows asked for in one statement. */
const BLOCKS_PER_STATEMENT = 400;
const NO_BYTES = new Uint8Array();

/** Blocks to read by their ids, each with its segment. */
type Wanted = Map<number, Segment>;

const keyOf = (segment: Segment, { prefix, suffix, term }: QueryTerm): string =>
  `${segment.id} ${prefix} ${suffix ?? false} ${term}`;

interface Hit extends FoundTerm {
  readonly block: number;
}

/** Numbers of the blocks that may hold what a query term matches. */
const blocksFor = ({ firstTerms }: Segment, { term, prefix }: QueryTerm): number[] => {
  const first = blockOf(firstTerms, term);
  if (!prefix) return first < 0 ? [] : [first];
  // Behind every term with this prefix: no term holds the highest code unit.
  const last = blockOf(firstTerms, `${term}\uffff`);
  return Array.from({ length: last - Math.max(0, first) + 1 }, (_, index) => Math.max(0, first) + index);
};

/** Pieces of words are looked up in at most so many words a segment. */
const MAX_EXPANSIONS = 2_000;

/** Reads the terms of a question from the segments; each block is read once. */
export class TermReader {
  /** Call it in long loops. @throws AppError STORE_DEADLINE */
  readonly alive: () => void;
  readonly #db: ReadDb;
  readonly #workspaceId: string;
  readonly #postings = new Map<number, Uint8Array>();
  readonly #positions = new Map<number, Uint8Array>();
  readonly #hits = new Map<string, readonly Hit[]>();
  /** Words of a segment that hold a piece, by {@link keyOf}. */
  readonly #expansions = new Map<string, readonly string[]>();

  /** @param alive called in long loops; see `ReadContext` */
  constructor(db: ReadDb, workspaceId: string, alive: () => void) {
    this.alive = alive;
    this.#db = db;
    this.#workspaceId = workspaceId;
  }

  /** Reads what {@link find} needs for these terms. */
  async load(segments: readonly Segment[], terms: readonly QueryTerm[]): Promise<void> {
    const pieces = terms.filter((term) => term.suffix);
    if (pieces.length > 0) for (const segment of segments) await this.#expand(segment, pieces);
    const wanted: Wanted = new Map();
    for (const segment of segments) {
      for (const term of terms.flatMap((each) => this.#wholeTerms(segment, each))) {
        for (const block of blocksFor(segment, term)) wanted.set(blockId(segment.id, block), segment);
      }
    }
    await this.#read('postings', wanted, this.#postings);
  }

  /** Reads what {@link cursors} needs for these terms of these segments. */
  async loadPositions(segments: readonly Segment[], terms: readonly QueryTerm[]): Promise<void> {
    const wanted: Wanted = new Map();
    for (const segment of segments) {
      for (const term of terms) {
        for (const hit of this.find(segment, term)) wanted.set(blockId(segment.id, hit.block), segment);
      }
    }
    await this.#read('positions', wanted, this.#positions);
  }

  /** The terms of a segment that a query term matches: one, or several for a prefix. */
  find(segment: Segment, wanted: QueryTerm): readonly Hit[] {
    const key = keyOf(segment, wanted);
    const known = this.#hits.get(key);
    if (known !== undefined) return known;
    const hits = this.#wholeTerms(segment, wanted).flatMap((term) => this.#findTerm(segment, term));
    this.#hits.set(key, hits);
    return hits;
  }

  #findTerm(segment: Segment, wanted: QueryTerm): Hit[] {
    return blocksFor(segment, wanted).flatMap((block) => {
      const postings = this.#postings.get(blockId(segment.id, block)) ?? NO_BYTES;
      return findTerms(postings, wanted.term, wanted.prefix).map((found): Hit => ({ ...found, block }));
    });
  }

  /** The terms of a segment that begin so, with their documents, dead ones too; they must be loaded. */
  termsBeginning(
    segment: Segment,
    prefix: string,
  ): readonly { readonly term: string; readonly count: number; readonly docs: Uint8Array }[] {
    return blocksFor(segment, { term: prefix, prefix: true }).flatMap((block) => {
      const postings = this.#postings.get(blockId(segment.id, block)) ?? NO_BYTES;
      return [...termsOfBlock(postings)].filter(({ term }) => term.startsWith(prefix));
    });
  }

  /** The terms of a segment that begin so, each with how many of its living documents have it; they must be loaded. */
  countBeginning(
    segment: Segment,
    prefix: string,
  ): readonly { readonly term: string; readonly count: number }[] {
    return this.termsBeginning(segment, prefix).map(({ count, docs, term }) => ({
      term,
      count: livingCount(segment, docs, count),
    }));
  }

  /** True when a piece of a word stands in more words of the segment than were looked up. */
  isCut(segment: Segment, wanted: QueryTerm): boolean {
    return (
      wanted.suffix === true && (this.#expansions.get(keyOf(segment, wanted))?.length ?? 0) >= MAX_EXPANSIONS
    );
  }

  /** A query term without an open beginning: as it is, or the words that hold it. */
  #wholeTerms(segment: Segment, wanted: QueryTerm): readonly QueryTerm[] {
    if (!wanted.suffix) return [wanted];
    return (this.#expansions.get(keyOf(segment, wanted)) ?? []).map((term) => ({ term, prefix: false }));
  }

  async #expand(segment: Segment, pieces: readonly QueryTerm[]): Promise<void> {
    const { vocabulary } = await this.#db
      .selectFrom('search_segments')
      .select('vocabulary')
      .where('workspace_id', '=', this.#workspaceId)
      .where('segment_id', '=', segment.id)
      .executeTakeFirstOrThrow();
    const text = unpackVocabulary(vocabulary);
    for (const piece of pieces) {
      this.#expansions.set(keyOf(segment, piece), termsWithPiece(text, piece, MAX_EXPANSIONS));
    }
  }

  /** The documents of a segment that have the term; with `roles` those where one of them says it. */
  bits(segment: Segment, wanted: QueryTerm, roles?: number): Bits {
    const bits = emptyBits(segment.size);
    for (const { docs, count } of this.find(segment, wanted)) {
      if (roles === undefined) addToBits(docs, count, segment.size, bits);
      else addRolesToBits(docs, count, segment.size, roles, bits);
    }
    return bits;
  }

  /** The posting's byte by document, 0 where the term does not occur, or with `roles` where none of them says it. */
  postingBytes(segment: Segment, wanted: QueryTerm, roles?: number): Uint8Array {
    const bytes = new Uint8Array(segment.size);
    for (const { docs, count } of this.find(segment, wanted))
      writePostingBytes(docs, count, segment.size, bytes, roles);
    return bytes;
  }

  /** Cursors over the positions of a term; several for a prefix. */
  cursors(segment: Segment, wanted: QueryTerm): readonly PositionCursor[] {
    return this.find(segment, wanted).map((hit) => {
      const positions = this.#positions.get(blockId(segment.id, hit.block)) ?? NO_BYTES;
      const list = positions.subarray(hit.positionsStart, hit.positionsEnd);
      return new PositionCursor(ordinalsOf(hit.docs, hit.count, segment.size), list);
    });
  }

  async #read(column: BlockColumn, wanted: Wanted, into: Map<number, Uint8Array>): Promise<void> {
    const ids: number[] = [];
    for (const [id, { cacheId }] of wanted) {
      if (into.has(id)) continue;
      const cached = blockCache.get(cacheId, column, id);
      if (cached === undefined) ids.push(id);
      else into.set(id, cached);
    }
    for (let start = 0; start < ids.length; start += BLOCKS_PER_STATEMENT) {
      const rows = await this.#db
        .selectFrom('search_blocks')
        .select(['block_id', `${column} as bytes`])
        .where('workspace_id', '=', this.#workspaceId)
        .where('block_id', 'in', ids.slice(start, start + BLOCKS_PER_STATEMENT))
        .execute();
      for (const { block_id: id, bytes } of rows) {
        into.set(id, bytes);
        blockCache.put(wanted.get(id)?.cacheId ?? 0, column, id, bytes);
      }
    }
  }
}

const livingCount = ({ dead, size }: Segment, docs: Uint8Array, count: number): number => {
  if (dead === undefined) return count;
  const bits = emptyBits(size);
  addToBits(docs, count, size, bits);
  subtract(bits, dead);
  return countBits(bits);
};

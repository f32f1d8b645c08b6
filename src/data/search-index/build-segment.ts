import { ByteWriter } from '../../lib/bytes/byte-writer.ts';
import { compareFacts, type DocColumns, toColumns } from './doc-columns.ts';
import { encodeDocList } from './doc-list.ts';
import { writePositions } from './position-list.ts';
import { columnsOfMetrics, type StoredColumn } from './metric-columns.ts';
import { lengthByte, postingByte } from './posting-bytes.ts';
import { BlockBuilder, type TermBlock } from './term-block.ts';
import { type IndexDocument, roleTerm } from './types.ts';
import { VocabularyBuilder } from './vocabulary.ts';

/** A part of the index that is complete in itself and never changes, apart from documents that die. */
export interface BuiltSegment {
  readonly columns: DocColumns;
  readonly blocks: readonly TermBlock[];
  readonly vocabulary: VocabularyBuilder;
  readonly metrics: readonly StoredColumn[];
}

interface Occurrences {
  readonly positions: number[];
  roles: number;
}

/** The documents of one term while a segment is put together. */
interface Gathered {
  readonly ordinals: number[];
  readonly bytes: number[];
  readonly positions: number[][];
}

/** Where each term of a document stands. @returns the number of its terms, too */
const occurrencesOf = (document: IndexDocument): { terms: Map<string, Occurrences>; length: number } => {
  const terms = new Map<string, Occurrences>();
  let position = 0;
  let length = 0;
  const put = (term: string, role: number): void => {
    const known = terms.get(term);
    if (known === undefined) terms.set(term, { positions: [position], roles: role });
    else {
      known.positions.push(position);
      known.roles |= role;
    }
    position += 1;
  };
  for (const part of document.parts) {
    // It tells whose message begins here, and is the gap that no phrase can cross.
    put(roleTerm(part.role), part.role);
    for (const term of part.terms) put(term, part.role);
    length += part.terms.length;
  }
  return { terms, length };
};

const gather = (all: Map<string, Gathered>, term: string): Gathered => {
  const known = all.get(term);
  if (known !== undefined) return known;
  const made: Gathered = { ordinals: [], bytes: [], positions: [] };
  all.set(term, made);
  return made;
};

/** Ascending by UTF-16 units, the order in which the index keeps its terms. */
export const compareTerms = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Puts documents into one segment. */
export const buildSegment = (documents: readonly IndexDocument[]): BuiltSegment => {
  const analysed = documents
    .map((document) => ({ document, ...occurrencesOf(document) }))
    .map((item) => ({ ...item, facts: { ...item.document, length: lengthByte(item.length) } }))
    .sort((a, b) => compareFacts(a.facts, b.facts));
  const all = new Map<string, Gathered>();
  analysed.forEach(({ document, terms }, ordinal) => {
    for (const [term, { positions, roles }] of terms) {
      const gathered = gather(all, term);
      gathered.ordinals.push(ordinal);
      gathered.bytes.push(postingByte(positions.length, roles));
      gathered.positions.push(positions);
    }
    for (const filter of new Set(document.filters)) gather(all, filter).ordinals.push(ordinal);
  });
  const blocks: TermBlock[] = [];
  const builder = new BlockBuilder((block) => blocks.push(block));
  const writer = new ByteWriter();
  const vocabulary = new VocabularyBuilder();
  for (const term of [...all.keys()].sort(compareTerms)) {
    vocabulary.add(term);
    const { ordinals, bytes, positions } = gather(all, term);
    writer.clear();
    for (const list of positions) writePositions(writer, list);
    builder.add({
      term,
      count: ordinals.length,
      docs: encodeDocList(ordinals, bytes, analysed.length),
      positions: writer.view(),
    });
  }
  builder.flush();
  return {
    columns: toColumns(analysed.map((item) => item.facts)),
    blocks,
    vocabulary,
    metrics: [...columnsOfMetrics(analysed.map((item) => item.document.metrics))],
  };
};

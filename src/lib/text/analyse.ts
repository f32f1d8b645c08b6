import { fold, foldWithPlaces, isAscii } from './fold.ts';
import { SEPARATOR, SPACED, scriptClass, UNSPACED } from './scripts.ts';

/** Longest term of a spaced script in code points; longer words are cut into consecutive pieces. */
const MAX_WORD = 64;

/** A term of a query. */
export interface QueryTerm {
  readonly term: string;
  /** Matches every term that begins with it. */
  readonly prefix: boolean;
  /** Matches every term that ends with it; along with `prefix`: that holds it. */
  readonly suffix?: boolean;
  /** A word at the edge of the piece: where the piece was cut out of a longer text, it may be a part of a word. */
  readonly edge?: 'start' | 'end';
}

/** A term with its place in the text, in UTF-16 units. */
export interface PlacedTerm {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** Takes a term's place in the folded text, and that of the run it stands in. */
type Emit = (start: number, end: number, kind: number, runStart: number, runEnd: number) => void;

/** Length in UTF-16 units of the code point at an index. */
const widthAt = (text: string, index: number): number => ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);

/** A word is one term; a very long one (base64, a hash) consecutive pieces. */
const emitWord = (folded: string, start: number, end: number, emit: Emit): void => {
  if (end - start <= MAX_WORD) {
    emit(start, end, SPACED, start, end);
    return;
  }
  let piece = start;
  let count = 0;
  for (let index = start; index < end; ) {
    index += widthAt(folded, index);
    count += 1;
    if (count === MAX_WORD || index === end) {
      emit(piece, index, SPACED, start, end);
      piece = index;
      count = 0;
    }
  }
};

/** Overlapping pairs, then the last code point alone: every code point begins exactly one term. */
const emitPairs = (folded: string, start: number, end: number, emit: Emit): void => {
  let next = start + widthAt(folded, start);
  for (let index = start; index < end; ) {
    const after = next < end ? next + widthAt(folded, next) : next;
    emit(index, after, UNSPACED, start, end);
    index = next;
    next = after;
  }
};

/**
 * Calls `emit` for each term of folded text, in order. Maximal runs of one kind; what is neither letter, digit nor mark
 * separates, and so does the border between a spaced and an unspaced script.
 */
const eachTerm = (folded: string, emit: Emit): void => {
  const length = folded.length;
  for (let index = 0; index < length; ) {
    const first = folded.codePointAt(index) ?? 0;
    const kind = scriptClass(first);
    const start = index;
    index += first > 0xffff ? 2 : 1;
    if (kind === SEPARATOR) continue;
    while (index < length) {
      const codePoint = folded.codePointAt(index) ?? 0;
      if (scriptClass(codePoint) !== kind) break;
      index += codePoint > 0xffff ? 2 : 1;
    }
    if (kind === SPACED) emitWord(folded, start, index, emit);
    else emitPairs(folded, start, index, emit);
  }
};

/** What is stored for a term. A stemmer, when there is one, works here on the words of spaced scripts. */
const termOf = (folded: string, start: number, end: number, _kind: number): string =>
  folded.slice(start, end);

/** Text → terms in order, for documents. Both engines store these and never tokenise (ARCHITECTURE, decision 2). */
export const analyse = (text: string): string[] => {
  const folded = fold(text);
  const terms: string[] = [];
  eachTerm(folded, (start, end, kind) => {
    terms.push(termOf(folded, start, end, kind));
  });
  return terms;
};

/** The terms of {@link analyse} with their places in the text as given. */
export const analyseWithOffsets = (text: string): PlacedTerm[] => {
  const terms: PlacedTerm[] = [];
  if (isAscii(text)) {
    const folded = fold(text);
    eachTerm(folded, (start, end, kind) => {
      terms.push({ term: termOf(folded, start, end, kind), start, end });
    });
    return terms;
  }
  const { text: folded, starts, ends } = foldWithPlaces(text);
  eachTerm(folded, (start, end, kind) => {
    const term = termOf(folded, start, end, kind);
    terms.push({ term, start: starts[start] ?? 0, end: ends[end - 1] ?? text.length });
  });
  return terms;
};

/**
 * One contiguous piece of a query → terms that follow each other in a document that contains the piece. A run without
 * spaces at the very end may go on in the document: its last code point is left to the pair before it, and a run of one
 * code point is looked up as the beginning of a term. Words at the edges are marked, since the piece may cut them; of a
 * word of more than 64 code points, all its terms at the start (a cut shifts them) and only the last at the end.
 */
export const analyseQueryRun = (text: string): QueryTerm[] => {
  const folded = fold(text);
  const terms: QueryTerm[] = [];
  eachTerm(folded, (start, end, kind, runStart, runEnd) => {
    const term = termOf(folded, start, end, kind);
    const atEnd = end === folded.length;
    if (kind === SPACED) {
      const edge = runStart === 0 ? 'start' : atEnd ? 'end' : undefined;
      terms.push(edge === undefined ? { term, prefix: false } : { term, prefix: false, edge });
      return;
    }
    const trailing = start + widthAt(folded, start) === runEnd;
    if (!(atEnd && trailing)) terms.push({ term, prefix: false });
    else if (start === runStart) terms.push({ term, prefix: true });
  });
  return terms;
};

/** True when a term of a document is what a term of a query asks for. */
export const isTermMatch = (term: string, { prefix, suffix, term: wanted }: QueryTerm): boolean => {
  if (suffix) return prefix ? term.includes(wanted) : term.endsWith(wanted);
  return prefix ? term.startsWith(wanted) : term === wanted;
};

/** Index of the first place from `from` on where the query's terms follow each other in a document's, or -1. */
export const matchesSequence = (terms: readonly string[], query: readonly QueryTerm[], from = 0): number => {
  const last = terms.length - query.length;
  for (let start = from; start <= last; start += 1) {
    let offset = 0;
    for (; offset < query.length; offset += 1) {
      const wanted = query[offset];
      const term = terms[start + offset];
      if (wanted === undefined || term === undefined) break;
      if (!isTermMatch(term, wanted)) break;
    }
    if (offset === query.length) return start;
  }
  return -1;
};

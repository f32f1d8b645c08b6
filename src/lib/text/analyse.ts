import { fold } from './fold.ts';
import { scriptClass, SEPARATOR, SPACED, UNSPACED } from './scripts.ts';

/** Longest term of a spaced script in code points; longer words are cut into consecutive pieces. */
const MAX_WORD = 64;

/** A term of a query. */
export interface QueryTerm {
  readonly term: string;
  /** Matches every term that begins with it. */
  readonly prefix: boolean;
  /** A word at the edge of the piece: where the text was cut out of a longer one, it may be a part of a word. */
  readonly edge?: 'start' | 'end';
}

/** A term with its place in the text, in UTF-16 units. */
export interface PlacedTerm {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

interface Run {
  readonly kind: number;
  /** Start and end in the text. */
  readonly start: number;
  readonly end: number;
}

/** Maximal runs of one kind; what is neither letter, digit nor mark separates. A mark belongs to what it stands on. */
function* runsOf(text: string): Generator<Run> {
  let kind = SEPARATOR;
  let start = 0;
  for (let index = 0; index < text.length; ) {
    const codePoint = text.codePointAt(index) ?? 0;
    const width = codePoint > 0xffff ? 2 : 1;
    const found = scriptClass(codePoint);
    if (found !== kind) {
      if (kind !== SEPARATOR) yield { kind, start, end: index };
      kind = found;
      start = index;
    }
    index += width;
  }
  if (kind !== SEPARATOR) yield { kind, start, end: text.length };
}

const isAscii = (text: string): boolean => {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
};

/** A fold that keeps one source place per folded code point, for highlighting. */
const placedCodePoints = (
  text: string,
): { readonly text: string; readonly starts: number[]; readonly ends: number[] } => {
  const starts: number[] = [];
  const ends: number[] = [];
  let out = '';
  for (let index = 0; index < text.length; ) {
    // A base character and the marks on it fold together (a kana and its voicing mark, a Hangul syllable in parts).
    let end = index + ((text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);
    while (end < text.length && /\p{M}/u.test(String.fromCodePoint(text.codePointAt(end) ?? 0))) {
      end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
    }
    const folded = fold(text.slice(index, end));
    for (let unit = 0; unit < folded.length; unit += 1) {
      starts.push(index);
      ends.push(end);
    }
    out += folded;
    index = end;
  }
  return { text: out, starts, ends };
};

/** Calls `emit` for each term of folded text, in order, with its place in the folded text. */
const eachTerm = (
  folded: string,
  emit: (start: number, end: number, run: Run, lastOfRun: boolean) => void,
): void => {
  for (const run of runsOf(folded)) {
    if (run.kind === SPACED) {
      if (run.end - run.start <= MAX_WORD) emit(run.start, run.end, run, true);
      else emitPieces(folded, run, emit);
    } else emitPairs(folded, run, emit);
  }
};

const emitPieces = (
  folded: string,
  run: Run,
  emit: (start: number, end: number, run: Run, last: boolean) => void,
) => {
  let start = run.start;
  let count = 0;
  for (let index = run.start; index < run.end; ) {
    index += (folded.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
    count += 1;
    if (count === MAX_WORD || index === run.end) {
      emit(start, index, run, index === run.end);
      start = index;
      count = 0;
    }
  }
};

/** Overlapping pairs, then the last code point alone: every code point begins exactly one term. */
const emitPairs = (
  folded: string,
  run: Run,
  emit: (start: number, end: number, run: Run, last: boolean) => void,
) => {
  const width = (index: number) => ((folded.codePointAt(index) ?? 0) > 0xffff ? 2 : 1);
  for (let index = run.start; index < run.end; index += width(index)) {
    const next = index + width(index);
    const last = next >= run.end;
    emit(index, last ? next : next + width(next), run, last);
  }
};

/**
 * Text → terms in order, for documents. Both engines store these and never tokenise (ARCHITECTURE 2). A stemmer, when
 * there is one, works on the spaced words here and in {@link analyseQueryRun} alike.
 */
export const analyse = (text: string): string[] => {
  const folded = fold(text);
  const terms: string[] = [];
  eachTerm(folded, (start, end) => terms.push(folded.slice(start, end)));
  return terms;
};

/** Text → terms with their places in the text as given. */
export const analyseWithOffsets = (text: string): PlacedTerm[] => {
  const terms: PlacedTerm[] = [];
  if (isAscii(text)) {
    const folded = text.toLowerCase();
    eachTerm(folded, (start, end) => terms.push({ term: folded.slice(start, end), start, end }));
    return terms;
  }
  const { text: folded, starts, ends } = placedCodePoints(text);
  eachTerm(folded, (start, end) =>
    terms.push({
      term: folded.slice(start, end),
      start: starts[start] ?? 0,
      end: ends[end - 1] ?? text.length,
    }),
  );
  return terms;
};

/**
 * One contiguous piece of a query → terms that follow each other in a document that contains it. A run without spaces
 * at the very end may go on in the document: its last code point is looked up as the beginning of a pair, or left to the
 * pair before it. Words at the edges are marked, since the piece may cut them.
 */
export const analyseQueryRun = (text: string): QueryTerm[] => {
  const folded = fold(text);
  const terms: QueryTerm[] = [];
  eachTerm(folded, (start, end, run, lastOfRun) => {
    const atEnd = run.end === folded.length;
    const term = folded.slice(start, end);
    if (run.kind === UNSPACED && atEnd && lastOfRun) {
      if (start === run.start) terms.push({ term, prefix: true });
      return;
    }
    const edge =
      run.kind === SPACED && run.start === 0 ? 'start' : run.kind === SPACED && atEnd ? 'end' : undefined;
    terms.push({ term, prefix: false, ...(edge ? { edge } : {}) });
  });
  return terms;
};

const matches = (term: string, query: QueryTerm): boolean =>
  query.prefix ? term.startsWith(query.term) : term === query.term;

/** Index of the first place where the query's terms follow each other, or -1. */
export const matchesSequence = (terms: readonly string[], query: readonly QueryTerm[], from = 0): number => {
  for (let start = from; start + query.length <= terms.length; start += 1) {
    if (query.every((term, offset) => matches(terms[start + offset] ?? '', term))) return start;
  }
  return -1;
};

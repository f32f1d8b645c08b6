import { AppError } from '../errors/app-error.ts';
import { analyseQueryRun, type QueryTerm } from '../lib/text/analyse.ts';
import { scriptClass, UNSPACED } from '../lib/text/scripts.ts';

/** One thing that must occur: a word (or what is written like one) or a quoted phrase. */
export interface SearchClause {
  readonly kind: 'word' | 'phrase';
  readonly terms: readonly QueryTerm[];
}

export interface ParsedQuery {
  readonly clauses: readonly SearchClause[];
}

/** Longest query taken, in characters. */
export const MAX_QUERY_LENGTH = 10_000;
/** Most clauses of one query; more make no search narrower. */
const MAX_CLAUSES = 64;

/** Of a script that is written without spaces and indexed in pairs. */
const isUnspaced = (term: QueryTerm): boolean => scriptClass(term.term.codePointAt(0) ?? 0) === UNSPACED;

const clauseOf = (kind: SearchClause['kind'], text: string): SearchClause[] => {
  const terms = analyseQueryRun(text);
  return terms.length === 0 ? [] : [{ kind, terms }];
};

/** Typographic quotation marks delimit phrases, too, unless straight ones do: then they are part of the text. */
const straightQuotes = (query: string): string =>
  query.includes('"') ? query : query.replaceAll(/[“”„«»]/g, '"');

/**
 * Words and "phrases". What stands without a space between (`foo@bar.com`, `2.6.8`, a run of Chinese) is looked up as it
 * is written: its pieces one after the other. A quotation mark without its pair is punctuation.
 * @throws AppError QUERY_EMPTY when nothing can be looked up, QUERY_INVALID when it is too long
 */
export const parseQuery = (query: string): ParsedQuery => {
  if (query.length > MAX_QUERY_LENGTH) {
    throw new AppError(
      'QUERY_INVALID',
      `The query has ${query.length} characters; at most ${MAX_QUERY_LENGTH} are allowed.`,
    );
  }
  const clauses: SearchClause[] = [];
  let rest = straightQuotes(query.normalize('NFC'));
  while (rest !== '') {
    const open = rest.indexOf('"');
    const close = open < 0 ? -1 : rest.indexOf('"', open + 1);
    const words = close < 0 ? rest : rest.slice(0, open);
    for (const word of words.split(/\s+/)) clauses.push(...clauseOf('word', word));
    if (close < 0) break;
    clauses.push(...clauseOf('phrase', rest.slice(open + 1, close)));
    rest = rest.slice(close + 1);
  }
  if (clauses.length === 0) throw new AppError('QUERY_EMPTY');
  if (clauses.length > MAX_CLAUSES) {
    throw new AppError(
      'QUERY_INVALID',
      `The query has ${clauses.length} words; at most ${MAX_CLAUSES} are allowed.`,
    );
  }
  return { clauses: openEnd(clauses) };
};

/**
 * Text in a script without spaces is often cut out of a message, and the cut may go through a number or a foreign word:
 * one that stands at the very end is looked up as the beginning of a word.
 */
const openEnd = (clauses: readonly SearchClause[]): readonly SearchClause[] => {
  const last = clauses.at(-1);
  const word = last?.terms.at(-1);
  if (last === undefined || word === undefined || isUnspaced(word)) return clauses;
  if (!clauses.some((clause) => clause.terms.some(isUnspaced))) return clauses;
  const opened = { ...last, terms: [...last.terms.slice(0, -1), { ...word, prefix: true }] };
  return [...clauses.slice(0, -1), opened];
};

/** How a query was loosened, in the order tried when nothing was found. */
export type Relaxation = 0 | 1 | 2 | 3;
export const RELAXATIONS = [1, 2, 3] as const;

export const RELAXATION_NOTES: Readonly<Record<1 | 2 | 3, string>> = {
  1: 'Nothing had all of it as written; the first and last words were taken for pieces of longer words.',
  2: 'Nothing had all of it as written; words at the edges that may have been cut off were left out.',
  3: 'Nothing had it as written; the characters were looked up in any order.',
};

type Terms = SearchClause['terms'];

/** The first word may begin, and the last one go on, in a longer word. */
const openEdges = (clauses: readonly SearchClause[]): SearchClause[] =>
  clauses.map((clause, index) => {
    const isFirst = index === 0;
    const isLast = index === clauses.length - 1;
    const terms: Terms = clause.terms.map((term, place) => ({
      ...term,
      ...(isFirst && place === 0 && !isUnspaced(term) ? { suffix: true } : {}),
      ...(isLast && place === clause.terms.length - 1 && !isUnspaced(term) ? { prefix: true } : {}),
    }));
    return { ...clause, terms };
  });

const dropEdges = (clauses: readonly SearchClause[]): SearchClause[] =>
  clauses.flatMap((clause, index) => {
    const outer = (term: QueryTerm) =>
      (term.edge === 'start' && index === 0) || (term.edge === 'end' && index === clauses.length - 1);
    const terms = clause.terms.filter((term) => !outer(term));
    return terms.length === 0 ? [] : [{ ...clause, terms }];
  });

const splitRuns = (clauses: readonly SearchClause[]): SearchClause[] =>
  clauses.flatMap((clause) =>
    clause.kind === 'phrase' || !clause.terms.some(isUnspaced)
      ? [clause]
      : clause.terms.map((term) => ({ kind: 'word' as const, terms: [term] })),
  );

/**
 * A looser form of the query; undefined when this step changes nothing. Pieces of words are for all scripts; dropping and
 * reordering are for those without spaces only, where text that is cut out of a message cuts words in two.
 */
export const relax = (parsed: ParsedQuery, step: 1 | 2 | 3): ParsedQuery | undefined => {
  const { clauses } = parsed;
  const isSpaced = !clauses.some((clause) => clause.terms.some(isUnspaced));
  if (isSpaced && step > 1) return undefined;
  const edgeless = step === 1 ? clauses : dropEdges(clauses);
  const before = step === 3 ? edgeless : clauses;
  const after = step === 1 ? openEdges(clauses) : step === 2 ? edgeless : splitRuns(edgeless);
  const same = JSON.stringify(after) === JSON.stringify(before);
  return after.length === 0 || same ? undefined : { clauses: after };
};

import type { QueryTerm } from '../lib/text/analyse.ts';
import { isUnspacedTerm } from '../lib/text/scripts.ts';
import { isText, type ParsedQuery, type SearchClause } from './search-grammar.ts';

/** How the edges of a query were loosened, in the order tried when nothing was found. */
export type Relaxation = 0 | 1 | 2 | 3;
export const RELAXATIONS = [1, 2, 3] as const;

export const RELAXATION_NOTES: Readonly<Record<1 | 2 | 3, string>> = {
  1: 'Nothing had all of it as written; the first and last words were taken for pieces of longer words.',
  2: 'Nothing had all of it as written; words at the edges that may have been cut off were left out.',
  3: 'Nothing had it as written; the characters were looked up in any order.',
};

const isUnspaced = ({ term }: QueryTerm): boolean => isUnspacedTerm(term);

/** The first word may begin, and the last one go on, in a longer word. */
const openEdges = (clauses: readonly SearchClause[]): SearchClause[] =>
  clauses.map((clause, index) => {
    const isFirst = index === 0;
    const isLast = index === clauses.length - 1;
    const terms = clause.terms.map((term, place) => ({
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
      : clause.terms.map((term) => ({ ...clause, terms: [term] })),
  );

/**
 * A looser form of the query; undefined when this step changes nothing. Pieces of words are for all scripts; dropping and
 * reordering are for those without spaces only, where text that is cut out of a message cuts words in two. Fields, what is
 * excluded and what stands in parentheses or beside `OR` stay as they are.
 */
export const relax = ({ nodes }: ParsedQuery, step: 1 | 2 | 3): ParsedQuery | undefined => {
  const clauses = nodes.filter(isText);
  const others = nodes.filter((node) => !isText(node));
  const isSpaced = !clauses.some((clause) => clause.terms.some(isUnspaced));
  if (isSpaced && step > 1) return undefined;
  const edgeless = step === 1 ? clauses : dropEdges(clauses);
  const before = step === 3 ? edgeless : clauses;
  const after = step === 1 ? openEdges(clauses) : step === 2 ? edgeless : splitRuns(edgeless);
  const same = JSON.stringify(after) === JSON.stringify(before);
  return after.length === 0 || same ? undefined : { nodes: [...after, ...others] };
};

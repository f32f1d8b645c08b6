import type { QueryDeps } from './deps.ts';
import type { readOptions } from './read-options.ts';
import { type ParsedQuery, type SearchClause, wantedClauses } from './search-grammar.ts';
import type { SpellingSuggestion } from './types.ts';

/** The words of the index that a clause asks for, each with what was written for it. */
const writtenWords = ({ kind, terms, text }: SearchClause): [string, string][] =>
  terms.flatMap(({ prefix, term }): [string, string][] =>
    prefix ? [] : [[term, kind === 'word' && terms.length === 1 ? text : term]],
  );

/** What the words of a query may be mistakes for, where it found nothing or one of them stands nowhere. */
export const spellingHints = async (
  { reader }: QueryDeps,
  question: { readonly workspaceId: string; readonly parsed: ParsedQuery; readonly foundNothing: boolean },
  options: ReturnType<typeof readOptions>,
): Promise<readonly SpellingSuggestion[]> => {
  const written = new Map(wantedClauses(question.parsed.nodes).flatMap(writtenWords));
  if (written.size === 0) return [];
  const spellings = await reader.read(
    'nearestSpellings',
    { workspaceId: question.workspaceId, words: [...written.keys()], evenOfKnown: question.foundNothing },
    options,
  );
  return spellings.map(({ instead, word }) => ({ word: written.get(word) ?? word, instead }));
};

/** The same as a sentence. */
export const spellingNote = ({ instead, word }: SpellingSuggestion): string =>
  `Perhaps "${word}" means: ${instead.join(', ')}.`;

import type { ReadContext } from '../context.ts';
import { documentFrequencies } from '../search-index/document-frequencies.ts';
import { isSpelled, NearTerms } from '../search-index/near-terms.ts';
import { vocabularyBytes } from '../search-index/vocabulary.ts';
import { isUnspacedTerm } from '../../lib/text/scripts.ts';

export interface NearestSpellingsArgs {
  readonly workspaceId: string;
  /** Terms of the index, see `analyse`. */
  readonly words: readonly string[];
  /** Also for words that stand somewhere, where another spelling is much commoner. */
  readonly evenOfKnown: boolean;
}

export interface Spelling {
  readonly word: string;
  /** Terms of the index that it may be a mistake for, the likeliest first. At least one. */
  readonly instead: readonly string[];
}

/** Words that are looked up in one question. */
const WORDS = 5;
const OFFERED = 3;
/** Near terms whose frequency is looked up, for each word. */
const CANDIDATES = 60;
/** So much commoner must one with another edit be. */
const EDIT_FACTOR = 10;
/** What is so much less likely than the best is another mistake. */
const LEAST_SHARE = 0.01;
/** A word that stands somewhere is taken for a mistake where another is so much commoner. */
const MUCH_COMMONER = 10;

/**
 * What words that stand in no conversation may be mistakes for: the nearest terms of the workspace's own index, by edits and by
 * how many conversations have them. Numbers and scripts without spaces have no spellings.
 */
export const nearestSpellings = async (
  context: ReadContext,
  { evenOfKnown, words, workspaceId }: NearestSpellingsArgs,
): Promise<readonly Spelling[]> => {
  const spelled = [...new Set(words)].filter((word) => isSpelled(word) && !isUnspacedTerm(word));
  const known = await frequenciesOf(context, workspaceId, spelled);
  const asked = spelled.filter((word) => evenOfKnown || known.get(word) === 0).slice(0, WORDS);
  if (asked.length === 0) return [];
  const near = await nearTerms(context, workspaceId, asked);
  const frequencies = await frequenciesOf(
    context,
    workspaceId,
    [...near.values()].flatMap(([...each]) => each.map(([term]) => term)),
  );
  return asked.flatMap((word): Spelling[] => {
    const least = Math.max(1, MUCH_COMMONER * (known.get(word) ?? 0));
    const likely = (near.get(word) ?? [])
      .map(([term, edits]): [string, number] => {
        const count = frequencies.get(term) ?? 0;
        return [term, count < least ? 0 : count / EDIT_FACTOR ** edits];
      })
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const best = likely[0]?.[1] ?? 0;
    const instead = likely
      .filter(([, likelihood]) => likelihood > 0 && likelihood >= best * LEAST_SHARE)
      .slice(0, OFFERED)
      .map(([term]) => term);
    return instead.length === 0 ? [] : [{ word, instead }];
  });
};

const frequenciesOf = async (
  context: ReadContext,
  workspaceId: string,
  terms: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  const { frequencies } = await documentFrequencies(context, workspaceId, terms);
  return new Map(terms.map((term, place) => [term, frequencies[place] ?? 0]));
};

/** By word the terms near it with their edits, the nearest first; a bounded number. */
const nearTerms = async (
  { alive, db }: ReadContext,
  workspaceId: string,
  words: readonly string[],
): Promise<ReadonlyMap<string, readonly (readonly [string, number])[]>> => {
  const ids = await db
    .selectFrom('search_segments')
    .select('segment_id')
    .where('workspace_id', '=', workspaceId)
    .orderBy('segment_id')
    .execute();
  const near = new NearTerms(words, alive);
  // One at a time: of a large workspace one alone holds megabytes.
  for (const { segment_id: id } of ids) {
    alive();
    const { vocabulary } = await db
      .selectFrom('search_segments')
      .select('vocabulary')
      .where('workspace_id', '=', workspaceId)
      .where('segment_id', '=', id)
      .executeTakeFirstOrThrow();
    near.add(vocabularyBytes(vocabulary));
  }
  return new Map([...near.found()].map(([word, found]) => [word, nearestOf(word, found)]));
};

/** People seldom mistake the first letter. */
const nearestOf = (
  word: string,
  found: ReadonlyMap<string, number>,
): readonly (readonly [string, number])[] => {
  const otherBegin = (term: string): number => (term.charAt(0) === word.charAt(0) ? 0 : 1);
  return [...found]
    .sort(([a, first], [b, second]) => first - second || otherBegin(a) - otherBegin(b) || (a < b ? -1 : 1))
    .slice(0, CANDIDATES);
};

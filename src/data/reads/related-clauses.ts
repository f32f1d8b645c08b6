import { analyse } from '../../lib/text/analyse.ts';
import type { ReadContext } from '../context.ts';
import { documentFrequencies } from '../search-index/document-frequencies.ts';
import type { IndexSession } from '../search-index/index-session.ts';
import type { Clause, RelatedClause, SearchPosition } from '../search-index/types.ts';
import { unpackThread } from '../thread-codec.ts';

/**
 * What a sentence hints at beside its own words: other forms of them, and words that the best conversations share (pseudo
 * relevance feedback: Lavrenko and Croft 2001, "Relevance-Based Language Models"). The numbers were chosen by
 * `npm run bench -- --quality`.
 */

/** Conversations that words are taken from. */
export const FEEDBACK = 20;
const WORDS = 20;
/** Terms whose frequency is looked up. */
const CANDIDATES = 80;
const WORD_SHARE = 0.5;
const FORM_SHARE = 0.4;
/** Longer words are taken by their beginning, without what may be an ending. */
const LEAST_STEM = 5;
const ENDING = 2;
/** A short message must not outweigh a long one by its few words. */
const LENGTH_SMOOTHING = 10;

const isPlainWord = (term: string): boolean =>
  /^[\p{Alphabetic}\p{M}]+$/u.test(term) && term.length > LEAST_STEM;

/** Other forms of the words: what begins like them. */
export const relatedForms = (loose: readonly Clause[]): RelatedClause[] =>
  loose.flatMap((clause) => {
    const [only] = clause;
    if (only === undefined || clause.length > 1 || only.prefix || !isPlainWord(only.term)) return [];
    const stem = only.term.slice(0, Math.max(LEAST_STEM, only.term.length - ENDING));
    return [{ clause: [{ term: stem, prefix: true }], share: FORM_SHARE }];
  });

/** Words of the best conversations, by how much they say about them and how few others have them. */
export const relatedWords = async (
  context: ReadContext,
  workspaceId: string,
  loose: readonly Clause[],
  hits: readonly SearchPosition[],
  session: IndexSession,
): Promise<RelatedClause[]> => {
  const relevance = new Map(hits.map(({ docId, score }) => [docId, score ?? 0]));
  const best = Math.max(...relevance.values());
  if (!(best > 0)) return [];
  const rows = await context.db
    .selectFrom('conversation_contents')
    .select(['doc_id', 'thread'])
    .where('workspace_id', '=', workspaceId)
    .where('doc_id', 'in', [...relevance.keys()])
    .orderBy('doc_id')
    .execute();
  const weights = new Map<string, number>();
  for (const row of rows) {
    context.alive();
    const terms = unpackThread(row.thread).flatMap(({ text }) => (text === null ? [] : analyse(text)));
    const share = (relevance.get(row.doc_id) ?? 0) / best / (terms.length + LENGTH_SMOOTHING);
    for (const term of terms) weights.set(term, (weights.get(term) ?? 0) + share);
  }
  const asked = new Set(loose.flat().map(({ term }) => term));
  const candidates = [...weights]
    .filter(([term]) => !asked.has(term) && term.length > 1)
    .sort(byWeight)
    .slice(0, CANDIDATES);
  const { documents, frequencies } = await documentFrequencies(
    context,
    workspaceId,
    candidates.map(([term]) => term),
    session,
  );
  const telling = candidates
    .map(([term, weight], place): [string, number] => [
      term,
      weight * Math.log(1 + documents / ((frequencies[place] ?? 0) + 0.5)),
    ])
    .sort(byWeight)
    .slice(0, WORDS);
  const most = telling[0]?.[1] ?? 1;
  return telling.map(([term, weight]) => ({
    clause: [{ term, prefix: false }],
    share: (WORD_SHARE * weight) / most,
  }));
};

/** The heavier first; of equals by the term, alike on both engines. */
const byWeight = (a: readonly [string, number], b: readonly [string, number]): number =>
  b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

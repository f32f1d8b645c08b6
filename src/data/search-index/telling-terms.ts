import { type AuthorRole, authorRole } from '../../lib/author-role.ts';
import { analyse } from '../../lib/text/analyse.ts';
import type { ThreadPart } from '../../entities/conversation/table.ts';
import type { ReadContext } from '../context.ts';
import { documentFrequencies } from './document-frequencies.ts';

/** What a conversation is about, in terms of the index. */
export interface TellingTerm {
  readonly term: string;
  /** How much it says about the conversation, 0 to 1. */
  readonly share: number;
  /** Conversations of the workspace that have it, this one included. */
  readonly conversations: number;
}

/** Terms that a question is made of. */
const TERMS = 25;
/** Terms whose frequency is looked up: those that occur most. */
const CANDIDATES = 400;
/** What more conversations have tells them apart no longer; in a small workspace a subject may be as common. */
const COMMON_SHARE = 0.25;
const FEW = 40;
/** Occurrences that count half; as in ranking, more say ever less. */
const SATURATION = 1.5;

/** What the customer says is what a conversation is about; what a bot says stands in all that it took part in. */
const ROLE_WEIGHTS: Readonly<Record<AuthorRole, number>> = {
  customer: 2,
  teammate: 1,
  note: 1,
  bot: 0.5,
  system: 0,
};

/** The heavier first; of equals by the term, alike on both engines. */
const byWeight = (a: readonly [string, number], b: readonly [string, number]): number =>
  b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

const occurrencesOf = (parts: readonly ThreadPart[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const { author_type: type, part_type: kind, text } of parts) {
    const weight = ROLE_WEIGHTS[authorRole(type, kind)];
    if (text === null || weight === 0) continue;
    for (const term of analyse(text)) {
      // A letter alone says nothing; a character of a script without spaces stands in a pair, too.
      if (term.length < 2) continue;
      found.set(term, (found.get(term) ?? 0) + weight);
    }
  }
  return found;
};

/**
 * The terms that tell a conversation from others, the most telling first: how often it has them, times how few others do
 * (tf-idf: Spärck Jones 1972). Terms that it has alone lead nowhere and are left out, and so are those that many have.
 */
export const tellingTerms = async (
  context: ReadContext,
  workspaceId: string,
  parts: readonly ThreadPart[],
): Promise<readonly TellingTerm[]> => {
  const candidates = [...occurrencesOf(parts)].sort(byWeight).slice(0, CANDIDATES);
  context.alive();
  const { documents, frequencies } = await documentFrequencies(
    context,
    workspaceId,
    candidates.map(([term]) => term),
  );
  const most = Math.max(FEW, documents * COMMON_SHARE);
  const conversations = new Map(candidates.map(([term], place) => [term, frequencies[place] ?? 0]));
  const shares = new Map(candidates.map(([term, count]) => [term, count / (count + SATURATION)]));
  return candidates
    .flatMap(([term]): [string, number][] => {
      const frequency = conversations.get(term) ?? 0;
      if (frequency < 2 || frequency > most) return [];
      return [[term, (shares.get(term) ?? 0) * Math.log(1 + documents / frequency)]];
    })
    .sort(byWeight)
    .slice(0, TERMS)
    .map(([term]) => ({
      term,
      share: shares.get(term) ?? 0,
      conversations: conversations.get(term) ?? 0,
    }));
};

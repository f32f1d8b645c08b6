import type { ReadContext } from '../context.ts';
import { IndexSession } from './index-session.ts';
import { filterQueryTerm } from './match-segment.ts';

/** How many living documents there are, and how many have each term. */
export const documentFrequencies = async (
  context: ReadContext,
  workspaceId: string,
  terms: readonly string[],
  known?: IndexSession,
): Promise<{ readonly documents: number; readonly frequencies: readonly number[] }> => {
  const session = known ?? (await IndexSession.open(context, workspaceId));
  const { reader, segments } = session;
  const wanted = terms.map(filterQueryTerm);
  await reader.load(segments, wanted);
  const matchers = session.matchers(undefined);
  return {
    documents: segments.reduce((sum, { deadCount, size }) => sum + size - deadCount, 0),
    frequencies: wanted.map((term) =>
      matchers.reduce((sum, matcher) => sum + (matcher.frequencies([term])[0] ?? 0), 0),
    ),
  };
};

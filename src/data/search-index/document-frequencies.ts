import type { ReadContext } from '../context.ts';
import { filterQueryTerm, SegmentMatcher } from './match-segment.ts';
import { loadSegments } from './segment-cache.ts';
import { TermReader } from './term-reader.ts';

/** How many living documents there are, and how many have each term. */
export const documentFrequencies = async (
  context: ReadContext,
  workspaceId: string,
  terms: readonly string[],
): Promise<{ readonly documents: number; readonly frequencies: readonly number[] }> => {
  const segments = await loadSegments(context.db, context.segments, workspaceId);
  const reader = new TermReader(context.db, workspaceId);
  const wanted = terms.map(filterQueryTerm);
  await reader.load(segments, wanted);
  const matchers = segments.map((segment) => new SegmentMatcher(reader, segment, undefined));
  return {
    documents: segments.reduce((sum, { deadCount, size }) => sum + size - deadCount, 0),
    frequencies: wanted.map((term) =>
      matchers.reduce((sum, matcher) => sum + (matcher.frequencies([term])[0] ?? 0), 0),
    ),
  };
};

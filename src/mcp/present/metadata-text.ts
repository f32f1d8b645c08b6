import type { AnswerMetadata } from '../../query/types.ts';

/** The facts under every answer: how fresh, how complete, what to know. */
export const metadataLines = (metadata: AnswerMetadata, notes: readonly string[]): string[] => {
  const { coverage, as_of: asOf } = metadata;
  const complete = coverage.complete ? 'complete' : `incomplete, missing: ${coverage.missing.join('; ')}`;
  return [
    `As of ${asOf ?? 'never'}; mirror ${complete}. Times are UTC; days are counted in ${metadata.time_zone}.`,
    ...notes.map((note) => `Note: ${note}`),
  ];
};

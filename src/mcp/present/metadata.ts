import type { AnswerMetadata } from '../../query/types.ts';
import { cut } from './budget.ts';
import { untrustedLine, visible } from './untrusted.ts';

/** The caller knows its own question; it is repeated to be recognised. */
const QUERY_CELL = 300;
const LISTED = 20;

/** A filter as it is stated: of a long list its beginning. */
const shortFilter = (value: unknown): unknown =>
  Array.isArray(value) && value.length > LISTED
    ? [...value.slice(0, LISTED), `and ${value.length - LISTED} more`]
    : value;

const filtersOf = ({ filters_applied: filters }: AnswerMetadata): Record<string, unknown> =>
  Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, shortFilter(value)]));

/** The facts under every answer as data: how fresh, how complete, what was asked (CONTRACT "Answers"). */
export const metadataData = (
  metadata: AnswerMetadata,
  notes: readonly string[],
  brief = false,
): Record<string, unknown> => {
  const { coverage, as_of } = metadata;
  if (brief)
    return {
      ...(metadata.workspace === undefined ? {} : { workspace: metadata.workspace }),
      as_of,
      coverage: { complete: coverage.complete },
      notes,
    };
  return {
    ...metadata,
    query: metadata.query === null ? null : visible(cut(metadata.query, QUERY_CELL)),
    filters_applied: filtersOf(metadata),
    ...(metadata.suggestions === undefined
      ? {}
      : {
          suggestions: metadata.suggestions.map(({ instead, word }) => ({
            word: visible(cut(word, QUERY_CELL)),
            instead: instead.map(visible),
          })),
        }),
    notes,
  };
};

const askedLine = (metadata: AnswerMetadata): string[] => {
  const filters = filtersOf(metadata);
  const facts = [
    ...(metadata.query === null ? [] : [`query "${untrustedLine(cut(metadata.query, QUERY_CELL))}"`]),
    ...(Object.keys(filters).length === 0 ? [] : [`filters ${untrustedLine(JSON.stringify(filters))}`]),
  ];
  return facts.length === 0 ? [] : [`Asked: ${facts.join(', ')}.`];
};

/** The same facts as lines of text. */
export const metadataLines = (
  metadata: AnswerMetadata,
  notes: readonly string[],
  brief = false,
): string[] => {
  const { coverage, as_of: asOf, last_updated: updated } = metadata;
  const { known, hydrated } = coverage.conversations;
  const { start, end } = coverage.window;
  const complete = coverage.complete
    ? 'complete'
    : `incomplete${brief ? '' : `, missing: ${coverage.missing.join('; ')}`}`;
  const from = metadata.workspace === undefined ? '' : `Workspace ${metadata.workspace}. `;
  const noted = notes.map((note) => `Note: ${untrustedLine(note)}`);
  if (brief) return [`${from}As of ${asOf ?? 'never'}; mirror ${complete}.`, ...noted];
  const span = start === null ? '' : `, created ${start} to ${end}`;
  return [
    ...askedLine(metadata),
    `${from}As of ${asOf ?? 'never'} (last sync ended ${updated ?? 'never'}); mirror ${complete}: ${known} conversations${span}, ${hydrated} with their thread. Times are UTC; days are counted in ${metadata.time_zone}.`,
    ...noted,
  ];
};

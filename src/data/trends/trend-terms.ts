import { NONE } from '../search-index/filter-fields.ts';
import { ATTRIBUTE_PREFIX, fieldPrefix } from '../search-index/types.ts';

/** What a trend may be of. */
export type TrendKind = 'word' | 'tag' | 'attribute' | 'team' | 'channel' | 'priority';

const FIELDS = ['tag', 'team', 'channel', 'priority'] as const;

/** Filter terms that are compared, by how they begin. What changes as a conversation grows old (state, rating, SLA) is not, nor the language, which is told from few words. */
const PREFIXES: readonly (readonly [prefix: string, kind: TrendKind])[] = [
  ...FIELDS.map((field) => [fieldPrefix(field), field] as const),
  [ATTRIBUTE_PREFIX, 'attribute'],
];

/** Pieces of addresses. */
const ADDRESS = new Set(['com', 'http', 'https', 'www', 'html', 'gmail', 'org', 'net', 'mailto']);

/** The kind of a term of the index; undefined for one that is not compared: numbers, single characters, other filters, "has none". */
export const kindOf = (term: string): TrendKind | undefined => {
  if (term.startsWith(':'))
    return term.endsWith(`=${NONE}`) ? undefined : PREFIXES.find(([prefix]) => term.startsWith(prefix))?.[1];
  return term.length > 1 && /\p{L}/u.test(term) && !ADDRESS.has(term) ? 'word' : undefined;
};

/** `:attr.plan=pro` → `attr.plan`, `pro`; of a word there is no field. */
export const splitTerm = (term: string): { readonly field: string | null; readonly value: string } => {
  if (!term.startsWith(':')) return { field: null, value: term };
  const at = term.indexOf('=');
  return { field: term.slice(1, at), value: term.slice(at + 1) };
};

import type { ReadContext } from '../context.ts';
import { loadSegments } from '../search-index/segment-cache.ts';
import { TermReader } from '../search-index/term-reader.ts';
import { ATTRIBUTE_PREFIX, fieldPrefix } from '../search-index/types.ts';
import type { IndexedField } from '../search-index/filter-fields.ts';

/** Fields whose values are few enough to be told one by one. */
export const COUNTED_FIELDS = [
  'state',
  'priority',
  'channel',
  'team',
  'admin',
  'tag',
  'csat',
  'fin',
  'sla',
  'sla_name',
  'reopens',
  'has',
] as const satisfies readonly IndexedField[];

export interface FieldValues {
  /** One of {@link COUNTED_FIELDS}, or `attr.` and the folded name of a custom attribute. */
  readonly field: string;
  /** Different values. */
  readonly distinct: number;
  /** The commonest first; of equals by value. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** `:attr.plan=pro` → `attr.plan`, `pro`. */
const splitTerm = (term: string): readonly [field: string, value: string] => {
  const at = term.indexOf('=');
  return [term.slice(1, at), term.slice(at + 1)];
};

/**
 * How many living conversations have each value of the fields that conversations are filtered by.
 * @param args.most values of one field, of the commonest
 */
export const countValues = async (
  context: ReadContext,
  args: { readonly workspaceId: string; readonly most: number },
): Promise<readonly FieldValues[]> => {
  const segments = await loadSegments(context.db, context.segments, args.workspaceId);
  const reader = new TermReader(context.db, args.workspaceId, context.alive);
  const prefixes = [...COUNTED_FIELDS.map(fieldPrefix), ATTRIBUTE_PREFIX];
  await reader.load(
    segments,
    prefixes.map((term) => ({ term, prefix: true })),
  );
  const counts = new Map<string, Map<string, number>>(COUNTED_FIELDS.map((field) => [field, new Map()]));
  for (const segment of segments) {
    context.alive();
    for (const { count, term } of prefixes.flatMap((prefix) => reader.countBeginning(segment, prefix))) {
      if (count === 0) continue;
      const [field, value] = splitTerm(term);
      const values = counts.get(field) ?? new Map<string, number>();
      values.set(value, (values.get(value) ?? 0) + count);
      counts.set(field, values);
    }
  }
  return [...counts].map(([field, values]) => ({
    field,
    distinct: values.size,
    values: [...values]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      .slice(0, args.most),
  }));
};

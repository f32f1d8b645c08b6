import type { ReadContext } from '../context.ts';
import { NONE } from '../search-index/filter-fields.ts';
import type { MetricValue } from './cell.ts';
import { type Dimension, groupValue } from './dimensions.ts';
import type { TalliedRow } from './order-rows.ts';

/** A group's value in one dimension: as filters take it, and its name where the value is an id. Both are the workspace's own: data. */
export interface GroupName {
  readonly value: string;
  readonly name: string | null;
}

const TABLES = {
  admin: 'admins',
  company: 'companies',
  segment: 'segments',
  tag: 'tags',
  team: 'teams',
} as const;
type Named = keyof typeof TABLES;

const namedBy = (dimension: Dimension): Named | undefined => {
  const by = dimension.by === 'field' ? dimension.field : dimension.by;
  return Object.hasOwn(TABLES, by) ? (by as Named) : undefined;
};

const readNames = async (
  { db }: ReadContext,
  workspaceId: string,
  named: Named,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom(TABLES[named])
    .select(['id', 'name'])
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
};

/** Rows with the names of what their groups stand for. */
export const nameGroups = async (
  context: ReadContext,
  workspaceId: string,
  dimensions: readonly Dimension[],
  rows: readonly TalliedRow[],
): Promise<readonly { readonly keys: readonly GroupName[]; readonly values: readonly MetricValue[] }[]> => {
  const names: ReadonlyMap<string, string | null>[] = [];
  for (const [place, dimension] of dimensions.entries()) {
    const named = namedBy(dimension);
    const ids = [...new Set(rows.map(({ keys }) => String(keys[place])))].filter((id) => id !== NONE);
    names.push(named === undefined ? new Map() : await readNames(context, workspaceId, named, ids));
  }
  return rows.map(({ keys, values }) => ({
    values,
    keys: dimensions.map((dimension, place) => {
      const value = groupValue(dimension, keys[place] ?? '');
      return { value, name: names[place]?.get(value) ?? null };
    }),
  }));
};

import { compareAliases } from '../../lib/workspace-alias.ts';
import type { ReadContext } from '../context.ts';
import type { WorkspaceRow } from './find-workspace.ts';

/** A mirrored workspace with the aliases that are bound to it, in their order. */
export interface BoundWorkspace extends WorkspaceRow {
  readonly aliases: readonly [string, ...string[]];
}

/** Every workspace of the mirror, in the order of their first aliases. */
export const listWorkspaces = async (
  { db }: ReadContext,
  _args: Readonly<Record<string, never>>,
): Promise<readonly BoundWorkspace[]> => {
  const rows = await db
    .selectFrom('workspace_aliases as a')
    .innerJoin('workspaces as w', 'w.id', 'a.workspace_id')
    .select(['a.alias', 'w.id', 'w.name', 'w.region', 'w.time_zone'])
    .execute();
  const found = new Map<string, BoundWorkspace>();
  for (const { alias, ...row } of rows.toSorted((a, b) => compareAliases(a.alias, b.alias))) {
    const known = found.get(row.id);
    found.set(row.id, { ...row, aliases: known === undefined ? [alias] : [...known.aliases, alias] });
  }
  return [...found.values()];
};

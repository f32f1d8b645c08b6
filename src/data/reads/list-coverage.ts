import type { ReadContext } from '../context.ts';
import type { CoverageWindowTable } from '../schema.ts';

export type CoverageWindow = Omit<CoverageWindowTable, 'workspace_id'>;

/** The ledger: spans of created_at that were compared with Intercom, by entity and time. */
export const listCoverage = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<readonly CoverageWindow[]> =>
  db
    .selectFrom('coverage_windows')
    .select([
      'entity',
      'window_start',
      'window_end',
      'begun_at',
      'completed_at',
      'listed',
      'stored',
      'missing',
      'outdated',
      'incomplete',
      'absent',
    ])
    .where('workspace_id', '=', args.workspaceId)
    .orderBy('entity')
    .orderBy('window_start')
    .execute();

import { AppError } from '../../errors/app-error.ts';
import type { WriteContext } from '../context.ts';

export interface BindWorkspaceArgs {
  readonly alias: string;
  readonly workspace: { id: string; name: string | null; region: string | null; time_zone: string };
}

/**
 * Binds the alias to the workspace on first sight and refreshes the workspace's facts afterwards.
 * @throws AppError SYNC_WORKSPACE_MISMATCH when the alias is bound to another workspace; nothing is written then
 */
export const bindWorkspace = async ({ db }: WriteContext, args: BindWorkspaceArgs): Promise<void> => {
  const { alias, workspace } = args;
  await db
    .insertInto('workspaces')
    .values(workspace)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ name: workspace.name, region: workspace.region, time_zone: workspace.time_zone }),
    )
    .execute();
  // Another process may bind the alias at this moment: the insert waits for its end, and what stands then counts.
  await db
    .insertInto('workspace_aliases')
    .values({ alias, workspace_id: workspace.id })
    .onConflict((conflict) => conflict.column('alias').doNothing())
    .execute();
  const bound = await db
    .selectFrom('workspace_aliases')
    .select('workspace_id')
    .where('alias', '=', alias)
    .executeTakeFirstOrThrow();
  if (bound.workspace_id !== workspace.id) {
    throw new AppError(
      'SYNC_WORKSPACE_MISMATCH',
      `The token belongs to workspace ${workspace.id}, but alias "${alias}" is bound to workspace ${bound.workspace_id}. Nothing was changed.`,
    );
  }
};

import type { ReadContext } from '../context.ts';
import type { RunScope } from '../run-scope.ts';

/** The answer to a request: JSON of the result; null while there is none. */
export const readRequestResult = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly requestId: string },
): Promise<string | null> => {
  const row = await db
    .selectFrom('sync_requests')
    .select('result')
    .where('workspace_id', '=', args.workspaceId)
    .where('request_id', '=', args.requestId)
    .executeTakeFirst();
  return row?.result ?? null;
};

/** What others ask the holder of the lease to do, the oldest first. */
export const listRequests = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<readonly RunScope[]> => {
  const rows = await db
    .selectFrom('sync_requests')
    .select('scope')
    .where('workspace_id', '=', args.workspaceId)
    .where('finished_at', 'is', null)
    .orderBy('requested_at')
    .orderBy('request_id')
    .execute();
  return rows.map((row) => JSON.parse(row.scope) as RunScope);
};

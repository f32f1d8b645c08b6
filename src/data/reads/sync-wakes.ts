import type { ReadContext } from '../context.ts';

export interface Wake {
  readonly id: string;
  /** Unix ms. */
  readonly receivedAt: number;
}

/** What webhooks announced of one entity and nobody fetches yet, the oldest first. */
export const listWakes = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string; readonly entity: string; readonly limit: number },
): Promise<readonly Wake[]> => {
  const rows = await db
    .selectFrom('sync_wakes')
    .select(['id', 'received_at'])
    .where('workspace_id', '=', args.workspaceId)
    .where('entity', '=', args.entity)
    .orderBy('received_at')
    .orderBy('id')
    .limit(args.limit)
    .execute();
  return rows.map((row) => ({ id: row.id, receivedAt: row.received_at }));
};

import type { ReadContext } from '../context.ts';
import { PRIORITY } from '../fetch-priority.ts';

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

/** Those of these entities of which something was announced, or waits at the front of the queue and is due. */
export const listWokenEntities = async (
  { db }: ReadContext,
  args: {
    readonly workspaceId: string;
    readonly entities: readonly string[];
    /** Unix ms. */
    readonly now: number;
  },
): Promise<readonly string[]> => {
  const { entities, now, workspaceId } = args;
  const announced = await db
    .selectFrom('sync_wakes')
    .select('entity')
    .distinct()
    .where('workspace_id', '=', workspaceId)
    .where('entity', 'in', entities)
    .execute();
  const queued = await db
    .selectFrom('fetch_queue')
    .select('entity')
    .distinct()
    .where('workspace_id', '=', workspaceId)
    .where('entity', 'in', entities)
    .where('priority', '=', PRIORITY.live)
    .where('not_before', '<=', now)
    .execute();
  const found = new Set([...announced, ...queued].map(({ entity }) => entity));
  return entities.filter((entity) => found.has(entity));
};

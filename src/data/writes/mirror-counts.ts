import type { WriteContext } from '../context.ts';

export interface CountChange {
  readonly stored: number;
  readonly hydrated: number;
}

/** Keeps the numbers of rows in step with a write, in its transaction. */
export const changeCounts = async (
  { db }: Pick<WriteContext, 'db'>,
  workspaceId: string,
  entity: string,
  change: CountChange,
): Promise<void> => {
  if (change.stored === 0 && change.hydrated === 0) return;
  await db
    .insertInto('mirror_counts')
    .values({ workspace_id: workspaceId, entity, ...change })
    .onConflict((conflict) =>
      conflict.columns(['workspace_id', 'entity']).doUpdateSet((eb) => ({
        stored: eb('mirror_counts.stored', '+', eb.ref('excluded.stored')),
        hydrated: eb('mirror_counts.hydrated', '+', eb.ref('excluded.hydrated')),
      })),
    )
    .execute();
};

/** Sets the numbers of rows after a complete listing, in its transaction. */
export const setCounts = async (
  { db }: Pick<WriteContext, 'db'>,
  workspaceId: string,
  entity: string,
  counts: CountChange,
): Promise<void> => {
  await db
    .insertInto('mirror_counts')
    .values({ workspace_id: workspaceId, entity, ...counts })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'entity']).doUpdateSet(counts))
    .execute();
};

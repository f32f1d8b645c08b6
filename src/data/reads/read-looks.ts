import type { ReadContext } from '../context.ts';

/** A look at what is mirrored already that is under way. */
export interface Look {
  /** `recheck`, `open`, `sweep` or `verify`. */
  readonly kind: string;
  /** Windows done and planned. */
  readonly done: number;
  readonly windows: number;
}

/** What the ledger says of all comparisons that were done. */
export interface Compared {
  readonly windows: number;
  /** Server times of the oldest and the newest one, Unix seconds. */
  readonly oldest: number;
  readonly newest: number;
  /** Objects that differed, and were queued or mended. */
  readonly differences: number;
}

const ENTITY = 'conversations';

/** Looks under way, and what the finished ones found; null before the first. */
export const readLooks = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<{ readonly looks: readonly Look[]; readonly compared: Compared | null }> => {
  const { workspaceId } = args;
  const looks = await db
    .selectFrom('sync_scans as s')
    .innerJoin('sync_windows as w', (join) =>
      join.onRef('w.workspace_id', '=', 's.workspace_id').onRef('w.scan_id', '=', 's.scan_id'),
    )
    .select((eb) => [
      's.kind',
      eb.fn.countAll<number>().as('windows'),
      eb.fn.sum<number>('w.done').as('done'),
    ])
    .where('s.workspace_id', '=', workspaceId)
    .where('s.entity', '=', ENTITY)
    .where('s.kind', 'in', ['recheck', 'open', 'sweep', 'verify'])
    .groupBy('s.kind')
    .orderBy('s.kind')
    .execute();
  const row = await db
    .selectFrom('coverage_windows')
    .select((eb) => [
      eb.fn.countAll<number>().as('windows'),
      eb.fn.min('completed_at').as('oldest'),
      eb.fn.max('completed_at').as('newest'),
      eb.fn.sum<number>('missing').as('missing'),
      eb.fn.sum<number>('outdated').as('outdated'),
      eb.fn.sum<number>('incomplete').as('incomplete'),
      eb.fn.sum<number>('absent').as('absent'),
    ])
    .where('workspace_id', '=', workspaceId)
    .where('entity', '=', ENTITY)
    .where('completed_at', 'is not', null)
    .executeTakeFirstOrThrow();
  const windows = Number(row.windows);
  return {
    looks: looks.map(({ done, kind, windows: planned }) => ({
      kind,
      done: Number(done),
      windows: Number(planned),
    })),
    compared:
      windows === 0
        ? null
        : {
            windows,
            oldest: Number(row.oldest),
            newest: Number(row.newest),
            differences: [row.missing, row.outdated, row.incomplete, row.absent].reduce<number>(
              (sum, value) => sum + Number(value),
              0,
            ),
          },
  };
};

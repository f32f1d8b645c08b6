import type { ReadContext } from '../context.ts';

export interface EntityState {
  readonly entity: string;
  readonly stored: number;
  /** Unix seconds. */
  readonly watermark: number | null;
  readonly completedAt: number | null;
  readonly errorCode: string | null;
  readonly scanning: boolean;
}

export interface MirrorStatus {
  readonly entities: readonly EntityState[];
  readonly conversations: {
    readonly known: number;
    readonly hydrated: number;
    readonly oldest: number | null;
    readonly newest: number | null;
  };
  /** Who syncs, and until when if nothing is heard of it (Unix ms); null when nobody does. */
  readonly lease: { readonly holder: string | null; readonly expiresAt: number } | null;
}

const TABLES = ['conversations', 'contacts', 'admins', 'teams', 'tags'] as const;

/** How much is mirrored of each entity and up to when. Counts come from indexes, never from payloads. */
export const readStatus = async (
  { db }: ReadContext,
  args: { readonly workspaceId: string },
): Promise<MirrorStatus> => {
  const { workspaceId } = args;
  const states = await db
    .selectFrom('sync_states')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .execute();
  const scans = await db
    .selectFrom('sync_scans')
    .select('entity')
    .where('workspace_id', '=', workspaceId)
    .execute();
  const entities: EntityState[] = [];
  for (const entity of TABLES) {
    const counted = await db
      .selectFrom(entity as 'contacts')
      .select((eb) => eb.fn.countAll<number>().as('stored'))
      .where('workspace_id', '=', workspaceId)
      .where('deleted_at', 'is', null)
      .executeTakeFirstOrThrow();
    const state = states.find((row) => row.entity === entity);
    entities.push({
      entity,
      stored: Number(counted.stored),
      watermark: state?.watermark ?? null,
      completedAt: state?.completed_at ?? null,
      errorCode: state?.error_code ?? null,
      scanning: scans.some((scan) => scan.entity === entity),
    });
  }
  const span = await db
    .selectFrom('conversations')
    .select((eb) => [
      eb.fn.min('created_at').as('oldest'),
      eb.fn.max('created_at').as('newest'),
      eb.fn.sum<number>('hydrated').as('hydrated'),
    ])
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  const lease = await db
    .selectFrom('sync_leases')
    .select(['holder', 'expires_at'])
    .where('workspace_id', '=', workspaceId)
    .where('holder', 'is not', null)
    .executeTakeFirst();
  return {
    entities,
    conversations: {
      known: entities.find((row) => row.entity === 'conversations')?.stored ?? 0,
      hydrated: Number(span.hydrated ?? 0),
      oldest: span.oldest === null ? null : Number(span.oldest),
      newest: span.newest === null ? null : Number(span.newest),
    },
    lease: lease === undefined ? null : { holder: lease.holder, expiresAt: lease.expires_at },
  };
};

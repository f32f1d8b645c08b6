import type { CapabilityState } from '../../lib/capability.ts';
import { ENTITIES } from '../entity-names.ts';
import { type Compared, type Look, readLooks } from './read-looks.ts';
import type { ReadContext } from '../context.ts';
import { readCapabilities } from './capabilities.ts';
import { type QueueState, readQueueState } from './fetch-queue.ts';

export interface EntityState {
  readonly entity: string;
  readonly stored: number;
  /** Unix seconds; see `SyncStateTable`. */
  readonly watermark: number | null;
  readonly backfilled: boolean;
  readonly completedAt: number | null;
  readonly errorCode: string | null;
  /** Whether it may be read, as its last answer showed. */
  readonly access: CapabilityState;
}

export interface MirrorStatus {
  readonly entities: readonly EntityState[];
  /** Kinds of data that belong to an entity and may not be read (`contact_notes`), and why. */
  readonly refusedLists: readonly { readonly list: string; readonly access: CapabilityState }[];
  /** Entities of which an older version stored less than this one; it is read from the payloads now. */
  readonly deriving: readonly string[];
  readonly conversations: {
    readonly known: number;
    readonly hydrated: number;
    /** created_at of the first and the last one, Unix seconds. */
    readonly oldest: number | null;
    readonly newest: number | null;
    /** Threads that wait to be fetched. */
    readonly queue: QueueState;
  };
  /** Looks at what is mirrored already. */
  readonly looks: readonly Look[];
  readonly compared: Compared | null;
  /** Who syncs; null when nobody does. */
  readonly syncHolder: string | null;
}

/** A thread that failed this often waits for a later time and is named. */
export const PARKED_FROM = 2;

/** How much is mirrored of each entity and up to when. No statement counts rows. */
export const readStatus = async (
  context: ReadContext,
  args: { readonly workspaceId: string },
): Promise<MirrorStatus> => {
  const { db, flavor } = context;
  const { workspaceId } = args;
  const states = await db
    .selectFrom('sync_states')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .execute();
  const counts = await db
    .selectFrom('mirror_counts')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .execute();
  const capabilities = await readCapabilities(context, { workspaceId });
  const entities = ENTITIES.map((entity): EntityState => {
    const state = states.find((row) => row.entity === entity);
    return {
      entity,
      stored: counts.find((row) => row.entity === entity)?.stored ?? 0,
      watermark: state?.watermark ?? null,
      backfilled: state?.backfilled === 1,
      completedAt: state?.completed_at ?? null,
      errorCode: state?.error_code ?? null,
      access: capabilities.find((row) => row.capability === entity)?.state ?? 'unknown',
    };
  });
  const edge = (direction: 'asc' | 'desc') =>
    db
      .selectFrom('conversations')
      .select('created_at')
      .where('workspace_id', '=', workspaceId)
      .where('deleted_at', 'is', null)
      .orderBy('created_at', direction)
      .limit(1)
      .executeTakeFirst();
  const lease = await db
    .selectFrom('sync_leases')
    .select('holder')
    .where('workspace_id', '=', workspaceId)
    .where('expires_at', '>', flavor.now())
    .executeTakeFirst();
  const conversations = counts.find((row) => row.entity === 'conversations');
  const names: readonly string[] = ENTITIES;
  const derivations = await db
    .selectFrom('derivations')
    .select('entity')
    .where('workspace_id', '=', workspaceId)
    .orderBy('entity')
    .execute();
  return {
    entities,
    ...(await readLooks(context, { workspaceId })),
    deriving: derivations.map((row) => row.entity),
    refusedLists: capabilities.flatMap(({ capability, state }) =>
      state === 'ok' || state === 'unknown' || names.includes(capability)
        ? []
        : [{ list: capability, access: state }],
    ),
    conversations: {
      known: conversations?.stored ?? 0,
      hydrated: conversations?.hydrated ?? 0,
      oldest: (await edge('asc'))?.created_at ?? null,
      newest: (await edge('desc'))?.created_at ?? null,
      queue: await readQueueState(context, {
        workspaceId,
        entity: 'conversations',
        parkedFrom: PARKED_FROM,
      }),
    },
    syncHolder: lease?.holder ?? null,
  };
};

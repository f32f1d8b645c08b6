import type { WriteContext } from '../context.ts';
import type { WriteDb } from '../db.ts';
import { applyContactPage, type IncomingContact } from './apply-contacts.ts';
import { assertFence, type Fence } from './fence.ts';
import { type Priority, PRIORITY } from '../fetch-priority.ts';
import { dequeue, enqueue, type FetchFailure, noteFailures } from './fetch-queue.ts';
import { markDeleted } from './mark-deleted.ts';
import { removeAttributes } from './put-attributes.ts';
import { upsertRows } from './upsert-rows.ts';

const ENTITY = 'contacts';
/** More than this wait for the next complete list. */
const MAX_QUEUED = 20_000;
const MERGES_PER_STATEMENT = 500;

/** A contact that was merged into another one. */
export interface Merge {
  readonly id: string;
  readonly into: string;
  /** When, where that is said, Unix seconds. */
  readonly mergedAt?: number | null;
}

export interface ApplyContactObjectsArgs {
  readonly fence: Fence;
  /** Answers of GET /contacts/{id}. */
  readonly contacts: readonly IncomingContact[];
  readonly merges: readonly Merge[];
  readonly failures: readonly FetchFailure[];
  readonly confirmAfterMs: number;
  /** Server time, Unix seconds. */
  readonly fetchedAt: number;
}

/**
 * Stores contacts that were asked for one by one and takes them off the queue: those that are there, also where no list
 * shows them (blocked or archived, TRAPS T49), those that were merged, by their alias, and those that Intercom twice did not have.
 */
export const applyContactObjects = async (
  context: WriteContext,
  args: ApplyContactObjectsArgs,
): Promise<void> => {
  const { contacts, failures, fence, fetchedAt, merges } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  if (contacts.length > 0) await applyContactPage(context, { fence, contacts, fetchedAt });
  await putMerges(context, workspaceId, merges, fetchedAt);
  const gone = await noteFailures(context, workspaceId, ENTITY, failures, args.confirmAfterMs);
  await removeContacts(context, workspaceId, gone, fetchedAt);
  await dequeue(context.db, workspaceId, ENTITY, [...contacts.map(({ columns }) => columns.id), ...gone]);
};

/** Stores merges that a list tells of; those that are known already cost nothing. */
export const applyMerges = async (
  context: WriteContext,
  args: {
    readonly fence: Fence;
    readonly merges: readonly Merge[];
    /** Server time, Unix seconds. */
    readonly fetchedAt: number;
  },
): Promise<void> => {
  const { fence, fetchedAt, merges } = args;
  const { workspaceId } = fence;
  await assertFence(context, fence);
  for (let start = 0; start < merges.length; start += MERGES_PER_STATEMENT) {
    const some = merges.slice(start, start + MERGES_PER_STATEMENT);
    const rows = await context.db
      .selectFrom('contact_aliases')
      .select(['id', 'contact_id'])
      .where('workspace_id', '=', workspaceId)
      .where(
        'id',
        'in',
        some.map(({ id }) => id),
      )
      .execute();
    const known = new Map(rows.map((row) => [row.id, row.contact_id]));
    const news = some.filter(({ id, into }) => known.get(id) !== into);
    await putMerges(context, workspaceId, news, fetchedAt);
  }
};

const putMerges = async (
  context: WriteContext,
  workspaceId: string,
  merges: readonly Merge[],
  fetchedAt: number,
): Promise<void> => {
  const { db } = context;
  for (const merge of merges) await putAlias(db, workspaceId, merge, merge.mergedAt ?? fetchedAt);
  const merged = merges.map(({ id }) => id);
  await removeContacts(context, workspaceId, merged, fetchedAt);
  // The one that others were merged into may be new here.
  const targets = [...new Set(merges.map(({ into }) => into))];
  await queue(db, workspaceId, await unknownOf(db, workspaceId, targets), PRIORITY.live);
  await dequeue(db, workspaceId, ENTITY, merged);
};

/** Aliases name the last one of a chain: A into B, then B into C, makes A one of C (TRAPS T47). */
const putAlias = async (
  db: WriteDb,
  workspaceId: string,
  { id, into }: Merge,
  mergedAt: number,
): Promise<void> => {
  const further = await db
    .selectFrom('contact_aliases')
    .select('contact_id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', into)
    .executeTakeFirst();
  const target = further?.contact_id ?? into;
  if (target === id) return;
  await upsertRows(
    db,
    'contact_aliases',
    ['workspace_id', 'id'],
    [{ workspace_id: workspaceId, id, contact_id: target, merged_at: mergedAt }],
  );
  await db
    .updateTable('contact_aliases')
    .set({ contact_id: target })
    .where('workspace_id', '=', workspaceId)
    .where('contact_id', '=', id)
    .execute();
};

const removeContacts = async (
  context: WriteContext,
  workspaceId: string,
  ids: readonly string[],
  deletedAt: number,
): Promise<void> => {
  if (ids.length === 0) return;
  await markDeleted(context, ENTITY, workspaceId, ids, deletedAt);
  await removeAttributes(context.db, workspaceId, ENTITY, ids);
};

const unknownOf = async (db: WriteDb, workspaceId: string, ids: readonly string[]): Promise<string[]> => {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('contacts')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', 'in', ids)
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => !known.has(id));
};

const queue = (db: WriteDb, workspaceId: string, ids: readonly string[], priority: Priority): Promise<void> =>
  enqueue(
    db,
    workspaceId,
    ENTITY,
    ids.map((id) => ({ id, wantedUpdatedAt: 0, createdAt: 0 })),
    { priority, since: 0 },
  );

/**
 * After a complete list: what it did not show is asked for, one by one, for absence alone deletes nothing; and so are those
 * that conversations name and nobody knows. @returns how many
 */
export const queueAbsentContacts = async (
  context: WriteContext,
  args: { readonly fence: Fence; readonly listedSince: number },
): Promise<number> => {
  const { db } = context;
  const { workspaceId } = args.fence;
  await assertFence(context, args.fence);
  const absent = await db
    .selectFrom('contacts')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', 'is', null)
    .where('fetched_at', '<', args.listedSince)
    .orderBy('id')
    .limit(MAX_QUEUED)
    .execute();
  const named = await db
    .selectFrom('conversation_contacts as n')
    .leftJoin('contacts as c', (join) =>
      join.onRef('c.workspace_id', '=', 'n.workspace_id').onRef('c.id', '=', 'n.contact_id'),
    )
    .leftJoin('contact_aliases as a', (join) =>
      join.onRef('a.workspace_id', '=', 'n.workspace_id').onRef('a.id', '=', 'n.contact_id'),
    )
    .select('n.contact_id as id')
    .distinct()
    .where('n.workspace_id', '=', workspaceId)
    .where('c.id', 'is', null)
    .where('a.id', 'is', null)
    .limit(MAX_QUEUED)
    .execute();
  const ids = [...absent, ...named].map(({ id }) => id);
  await queue(db, workspaceId, ids, PRIORITY.repair);
  return ids.length;
};
